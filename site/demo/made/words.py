"""Words of made stories: plain English in many combinations, without anything that could identify a person.

With 30 openings, 40 middles and 40 ends there are 48,000 sentences. Pure.
"""

from __future__ import annotations

from random import Random

OPENINGS = """In the first weeks|At home in the evening|On the stairs at school|Before the treatment began
After the second visit|When the winter came|During the long drive back|On the ward at night
By the end of spring|In the therapy room|At the breakfast table|Since the last check
On a quiet afternoon|While the others slept|Between two appointments|With one hand free
Once the fever had gone|For most of that year|Near the garden gate|After the summer break
On the way to the bus|In front of the mirror|With the new shoes on|A month after the drip
When nobody was looking|In the waiting room|At the swimming pool|Half a year later
Before going to sleep|During the physiotherapy""".replace("\n", "|").split("|")

MIDDLES = """she held the rail and|he asked for water and|we counted the steps and|the pain came back and
her left hand opened and|his speech was clearer and|the seizures were shorter and|we wrote it down and
she sat without help and|he walked four metres and|nothing had changed and|the brace felt tight and
her balance was better and|he refused the medicine and|the doctor measured again and|we slept through and
she turned the page and|his legs were stiff and|the blood values fell and|her breathing was calm and
he lifted the spoon and|we stopped the exercises and|the swelling went down and|she forgot the words and
his memory was worse and|the tremor was stronger and|her skin was dry and|he climbed on the chair and
we changed the plan and|the walker stayed outside and|she answered the phone and|he needed the wheelchair and
her eyes followed us and|the appetite returned and|we moved more slowly and|his cough was heavy and
she read three lines and|the headaches were rare and|he stood at the sink and
her voice was tired and""".replace("\n", "|").split("|")

ENDS = """nobody said a word|we laughed about it|I cried in the car|it lasted two minutes
her brother saw it first|the nurse was surprised|we did not trust it|it was the same next day
that was enough for us|I was afraid of hoping|the therapist took notes|he wanted to go on
she fell asleep at once|we asked for nothing more|it stayed like that|the test said otherwise
I told the school|his father shook his head|it was gone by morning|we kept the old chair
she was proud of it|he did it only once|the letter came later|I still do not know why
we waited for a result|it cost all our savings|my sister stayed with us|they sent us home early
he was angry afterwards|she smiled at the window|we tried it every day|it made no difference
I would do it again|I would not do it again|the others did not notice|she never spoke of it
we paid for the taxi|he counted to seven|the rest was patience|it took a whole hour""".replace(
    "\n", "|"
).split("|")

# One for each story with its number, so that no two stories have the same title.
TITLES = """The stairs at home|A spoon of soup|What the spring brought|Four metres to the door
The year of waiting|Nothing changed, and we stayed|A hand that opens|Sleeping through the night
The second opinion|Back on the bicycle|Words that came late|The chair by the window
Counting the good days|A longer way than we thought|The walk to school|After the last drip
What we expected and what came|The quiet ward|One step and then rest|Without the brace
A letter to other parents|Two steps forward, one back|The swimming lesson|Holding the pencil
When the seizures stopped|When the seizures came again|The garden gate|A good morning
The price we paid|Small changes""".replace("\n", "|").split("|")

NAMES = """Ada|Bruno|Clara|Dario|Elsa|Farid|Greta|Hugo|Ilse|Jonas|Kira|Leon|Mina|Nadim|Olga|Pablo|Rosa|Samir
Tilda|Umar|Vera|Wanda|Yusuf|Zora|Amir|Bela|Carmen|David|Emil|Fatima""".replace("\n", "|").split("|")

TAGS = """stairs|school|speech|sleep|walking|balance|pain|travel|cost|family|brothers and sisters|hope|waiting
side effects|physiotherapy|swimming|eating|seizures|work|friends|hospital|medicine|wheelchair|brace|hands
memory|reading|exercise|doubt|no change|second visit|check-up|tiredness|winter|letters|questions|play|music
garden|voice""".replace("\n", "|").split("|")

ASKED = """How did it begin?|What happened then?|And at home?|How was the treatment?|What was hard?
What has changed since?|Is there something that got worse?|What would you tell other families?""".replace(
    "\n", "|"
).split("|")


def one_of(words: list[str], chance: Random) -> str:
    return words[int(chance.random() * len(words))]


def sentence(chance: Random) -> str:
    """Return one sentence, 14 words on average."""
    return f"{one_of(OPENINGS, chance)} {one_of(MIDDLES, chance)} {one_of(ENDS, chance)}."


def remark(chance: Random) -> str:
    """Return a sentence of about 10 words, as people say it."""
    return capitalised(f"{one_of(MIDDLES, chance)} {one_of(ENDS, chance)}.")


def caption(chance: Random) -> str:
    """Return about 5 words for below a picture."""
    return capitalised(f"{one_of(ENDS, chance)}.")


def capitalised(text: str) -> str:
    return text[0].upper() + text[1:]
