"""The outcome measures that the project comes with, as data. Pure.

For each: range, direction, unit, who may report it, ages, and the least change that matters to patients. That last
figure is given only with its source, and the source says for whom it was found: in other patients it may be another.
Nothing of a licensed instrument is reproduced here: names, ranges and our own words for levels.
"""

from __future__ import annotations

from measures.scales import Scale
from measures.starter_other_conditions import OTHERS
from measures.starter_words import ANYONE, ROMAN, levels

# Predicted maximum of each GMFCS level. The two are models of two measures: 36.1 and 40.4 both belong to level IV, one
# on the GMFM's 88 items (2000), the other on its 66 (2002).
CEILINGS_88 = dict(zip(ROMAN, (96.8, 89.3, 61.3, 36.1, 12.9), strict=True))
CEILINGS_66 = dict(zip(ROMAN, (87.7, 68.4, 54.3, 40.4, 22.3), strict=True))

GMFM_PARTS = ("gmfm-88-a", "gmfm-88-b", "gmfm-88-c", "gmfm-88-d", "gmfm-88-e")
GMFM_MANUAL = "Russell DJ, Rosenbaum PL, Wright M, Avery LM. Gross Motor Function Measure (GMFM-66 and GMFM-88) user's manual."
STORM = (
    "Storm FA, Petrarca M, Beretta E, and others. Biomed Res Int 2020:2794036, doi 10.1155/2020/2794036: {range} in "
    "children with cerebral palsy after four weeks of gait training, by five methods of distribution; the highest is used."
)


def _gmfm_part(letter: str, what: str, items: int, difference: float | None, reported: str) -> Scale:
    """One dimension of the GMFM-88, in per cent of its own items."""
    return Scale(
        key=f"gmfm-88-{letter.lower()}",
        name=f"GMFM-88 dimension {letter}",
        full_name=f"Gross Motor Function Measure, 88 items, dimension {letter}: {what}",
        kind="score",
        better="higher",
        unit="%",
        low=0,
        high=100,
        difference=difference,
        difference_source=STORM.format(range=reported) if difference else "",
        never_with=frozenset(("gmfm-66", "gmfm-88", *GMFM_PARTS)) - {f"gmfm-88-{letter.lower()}"},
        note=f"{what.capitalize()}: {items} of the 88 items.",
        source=GMFM_MANUAL,
    )


MOVEMENT: tuple[Scale, ...] = (
    Scale(
        key="gmfcs",
        name="GMFCS",
        full_name="Gross Motor Function Classification System",
        kind="level",
        better="lower",
        unit="level",
        own_levels=levels(
            "walks without limits",
            "walks with limits",
            "walks with a hand-held aid",
            "moves with limits, may use power",
            "is pushed in a wheelchair",
        ),
        is_classification=True,
        note="Describes a child and predicts its course. A treatment is not expected to change it. Made for ages up to 18.",
        source="Palisano RJ, Rosenbaum P, Walter S, and others. Dev Med Child Neurol 1997;39:214-223; expanded and "
        "revised: Palisano RJ, Rosenbaum P, Bartlett D, Livingston MH. Dev Med Child Neurol 2008;50:744-750.",
    ),
    Scale(
        key="gmfm-66",
        name="GMFM-66",
        full_name="Gross Motor Function Measure, 66 items",
        other_names=("GMFM 66", "GMFM66"),
        kind="interval",
        better="higher",
        unit="points",
        low=0,
        high=100,
        difference=1.3,
        difference_source="Oeffinger D, Bagley A, Rogers S, and others. Dev Med Child Neurol 2008;50:918-925, doi "
        "10.1111/j.1469-8749.2008.03150.x: walking children with cerebral palsy, GMFCS I to III, large effect.",
        ceilings_of="gmfcs",
        ceilings=CEILINGS_66,
        ceilings_source="Rosenbaum PL, Walter SD, Hanna SE, and others. Prognosis for gross motor function in cerebral "
        "palsy. JAMA 2002;288:1357-1363, doi 10.1001/jama.288.11.1357",
        never_with=frozenset(("gmfm-88", *GMFM_PARTS)),
        note="Only for cerebral palsy. A figure of the GMFM-88 is another figure.",
        source=GMFM_MANUAL,
    ),
    Scale(
        key="gmfm-88",
        name="GMFM-88",
        full_name="Gross Motor Function Measure, 88 items, total",
        other_names=("GMFM 88", "GMFM88"),
        kind="score",
        better="higher",
        unit="%",
        low=0,
        high=100,
        difference=3.0,
        difference_source=STORM.format(range="0.1 to 3.0 %"),
        ceilings_of="gmfcs",
        ceilings=CEILINGS_88,
        ceilings_source="Palisano RJ, Hanna SE, Rosenbaum PL, and others. Validation of a model of gross motor function "
        "for children with cerebral palsy. Phys Ther 2000;80:974-985, doi 10.1093/ptj/80.10.974",
        never_with=frozenset(("gmfm-66", *GMFM_PARTS)),
        note="Mean of the five dimensions. For children with severe impairment, and for other conditions.",
        source=GMFM_MANUAL,
    ),
    _gmfm_part("A", "lying and rolling", 17, None, ""),
    _gmfm_part("B", "sitting", 20, None, ""),
    _gmfm_part("C", "crawling and kneeling", 14, None, ""),
    _gmfm_part("D", "standing", 13, 5.2, "0.8 to 5.2 %"),
    _gmfm_part("E", "walking, running and jumping", 24, 4.9, "0.3 to 4.9 %"),
    Scale(
        key="macs",
        name="MACS",
        full_name="Manual Ability Classification System",
        kind="level",
        better="lower",
        unit="level",
        own_levels=levels(
            "handles objects easily",
            "handles most objects, less well or slower",
            "handles objects with difficulty, needs help to prepare",
            "handles few, easy objects with support",
            "does not handle objects",
        ),
        is_classification=True,
        ages=(4, 18),
        note="Below the age of 4 there is the Mini-MACS.",
        source="Eliasson AC, Krumlinde-Sundholm L, Rösblad B, and others. Dev Med Child Neurol 2006;48:549-554.",
    ),
    Scale(
        key="mini-macs",
        name="Mini-MACS",
        full_name="Mini-Manual Ability Classification System",
        kind="level",
        better="lower",
        unit="level",
        own_levels=levels(),
        is_classification=True,
        ages=(1, 4),
        never_with=frozenset(("macs",)),
        source="Eliasson AC, Ullenhag A, Wahlström U, Krumlinde-Sundholm L. Dev Med Child Neurol 2017;59:72-78.",
    ),
    Scale(
        key="cfcs",
        name="CFCS",
        full_name="Communication Function Classification System",
        kind="level",
        better="lower",
        unit="level",
        own_levels=levels(
            "effective with everybody",
            "effective with everybody, but slower",
            "effective with familiar people",
            "not always effective with familiar people",
            "seldom effective with familiar people",
        ),
        is_classification=True,
        assessors=ANYONE,
        ages=(2, None),
        source="Hidecker MJC, Paneth N, Rosenbaum PL, and others. Dev Med Child Neurol 2011;53:704-710.",
    ),
    Scale(
        key="edacs",
        name="EDACS",
        full_name="Eating and Drinking Ability Classification System",
        kind="level",
        better="lower",
        unit="level",
        own_levels=levels(),
        is_classification=True,
        assessors=frozenset(("clinician", "parent", "independent")),
        ages=(3, None),
        source="Sellers D, Mandy A, Pennington L, and others. Dev Med Child Neurol 2014;56:245-251.",
    ),
    Scale(
        key="modified-ashworth",
        name="Modified Ashworth Scale",
        other_names=("Modified Ashworth", "Ashworth", "MAS"),
        kind="level",
        better="lower",
        unit="grade",
        own_levels=levels(
            "no rise in muscle tone",
            "slight rise, at the end of the movement",
            "slight rise, in less than half of the movement",
            "marked rise, the limb moves easily",
            "considerable rise, moving it is difficult",
            "the limb is rigid",
            codes=("0", "1", "1+", "2", "3", "4"),
        ),
        needs_side=True,
        needs_part=True,
        note="Stiffness of one muscle on one side. Agreement between days and between assessors is low.",
        source="Bohannon RW, Smith MB. Interrater reliability of a modified Ashworth scale of muscle spasticity. Phys "
        "Ther 1987;67:206-207.",
    ),
    Scale(
        key="mrc-power",
        name="MRC muscle power",
        other_names=("MRC", "Muscle power"),
        kind="level",
        better="higher",
        unit="grade",
        own_levels=levels(
            "no contraction",
            "flicker",
            "moves without gravity",
            "moves against gravity",
            "moves against resistance",
            "normal",
            codes=("0", "1", "2", "3", "4", "5"),
        ),
        needs_side=True,
        needs_part=True,
        source="Medical Research Council. Aids to the examination of the peripheral nervous system. 1976.",
    ),
)

STARTER: tuple[Scale, ...] = MOVEMENT + OTHERS
BY_KEY = {scale.key: scale for scale in STARTER}
