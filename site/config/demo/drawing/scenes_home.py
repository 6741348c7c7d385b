"""Scenes at home, for the stories' figures: things on tables, walls and floors. Each returns a finished sheet."""

from __future__ import annotations

from config.demo.drawing.paper import (
    AMBER,
    BLUE,
    BRICK,
    BROWN,
    CREAM,
    GREEN,
    INK,
    PALE,
    PLUM,
    RED,
    SALMON,
    SEA,
    TAN,
    TEAL,
    WHITE,
    YELLOW,
    Sheet,
)  # fmt: skip


def fridge() -> Sheet:
    s = Sheet(11)
    s.rect(-10, 300, 500, 70, TAN)
    s.rect(120, 20, 200, 305, WHITE)
    s.rect(120, 20, 200, 100, CREAM)
    s.rect(296, 60, 10, 44, TEAL)
    s.rect(296, 140, 10, 70, TEAL)
    s.rect(150, 146, 110, 130, YELLOW, turn=-3)
    for row, width in ((172, 74), (206, 60), (240, 68)):
        s.line([(168, row), (168 + width, row - 3)], INK, 5)
    s.disc(204, 144, 11, RED)
    s.rect(352, 176, 90, 150, RED)
    s.rect(344, 168, 106, 14, BRICK)
    s.disc(397, 140, 30, GREEN)
    s.rect(386, 148, 24, 26, TEAL)
    return s


def mirror() -> Sheet:
    s = Sheet(12)
    s.disc(240, 130, 110, TEAL, ry=120)
    s.disc(240, 130, 96, WHITE, ry=106)
    s.poly([(200, 60), (238, 50), (190, 180), (168, 170)], PALE, shadow=False)
    s.rect(-10, 284, 500, 90, CREAM)
    s.blob([(110, 262), (370, 262), (346, 324), (240, 346), (134, 324)], WHITE)
    s.rect(96, 252, 288, 20, BLUE)
    s.line([(240, 252), (240, 214), (276, 214), (276, 226)], INK, 9)
    s.rect(396, 200, 40, 70, RED)
    s.line([(408, 200), (398, 150)], AMBER, 7)
    s.line([(424, 200), (432, 144)], TEAL, 7)
    s.rect(388, 136, 20, 18, WHITE, turn=-12)
    s.rect(423, 130, 20, 18, WHITE, turn=10)
    return s


def lamp() -> Sheet:
    s = Sheet(13)
    s.rect(-10, -10, 500, 290, "#2f5372", shadow=False)
    s.poly([(150, 120), (290, 120), (430, 300), (20, 300)], "#f3dfa4", shadow=False)
    s.rect(-10, 282, 500, 90, TEAL)
    s.rect(212, 130, 12, 150, INK)
    s.poly([(176, 60), (262, 60), (296, 132), (142, 132)], AMBER)
    s.disc(218, 284, 54, INK, ry=12)
    s.disc(386, 70, 34, CREAM)
    s.disc(400, 62, 30, "#2f5372", shadow=False)
    for x, y in ((60, 50), (110, 110), (330, 130), (440, 150)):
        s.disc(x, y, 4, WHITE, shadow=False)
    s.rect(300, 236, 150, 60, WHITE)
    s.rect(300, 236, 60, 30, PALE)
    return s


def table_evening() -> Sheet:
    s = Sheet(14)
    s.disc(404, 82, 50, RED)
    s.rect(-10, 210, 500, 160, BROWN)
    s.disc(240, 250, 206, CREAM, ry=60)
    for x, colour in ((150, TEAL), (316, RED)):
        s.disc(x, 226, 56, WHITE, ry=13)
        s.blob([(x - 52, 226), (x + 52, 226), (x + 34, 268), (x, 278), (x - 34, 268)], colour)
        for bend in (-16, 6, 26):
            s.line(
                [(x + bend, 206), (x + bend + 7, 188), (x + bend - 2, 172), (x + bend + 5, 154)],
                WHITE,
                4,
                curved=True,
            )
    s.line([(222, 282), (286, 262)], TAN, 9)
    s.disc(208, 287, 18, TAN, ry=12, turn=-20)
    s.rect(30, 90, 70, 92, WHITE)
    s.rect(37, 97, 56, 78, BLUE, shadow=False)
    s.line([(65, 97), (65, 175)], WHITE, 5)
    return s


def sundays() -> Sheet:
    s = Sheet(15)
    s.rect(60, 40, 176, 290, WHITE, turn=-2)
    s.rect(244, 40, 176, 290, WHITE, turn=2)
    s.rect(232, 36, 14, 296, BRICK)
    for page, left in enumerate((84, 268)):
        for row in range(7):
            for column in range(4):
                x, y = left + column * 34, 74 + row * 36
                if page == 1 and row > 5 and column > 1:
                    continue
                s.line([(x, y), (x + 16, y)], TEAL, 5)
    s.rect(330, 300, 140, 13, AMBER, turn=-24)
    s.poly([(338, 337), (352, 324), (330, 346)], INK, shadow=False, rough=0.3)
    return s


def letter() -> Sheet:
    s = Sheet(16)
    s.rect(-10, 300, 500, 80, TAN)
    s.rect(120, 30, 220, 290, WHITE, turn=-3)
    for row in range(7):
        y = 66 + row * 34
        s.rect(142, y, 20, 20, PALE, turn=-3, shadow=False)
        s.line([(176, y + 10), (176 + (90, 120, 76, 130, 96, 110, 84)[row], y + 6)], INK, 4)
        if row not in (2, 4, 5):
            s.line([(145, y + 10), (151, y + 17), (163, y)], RED, 5)
    s.rect(300, 236, 150, 96, CREAM, turn=5)
    s.poly([(304, 232), (448, 245), (370, 296)], PALE)
    s.disc(372, 262, 15, RED)
    return s


def door() -> Sheet:
    s = Sheet(17)
    s.rect(-10, 316, 500, 60, BROWN)
    s.rect(110, -10, 260, 330, TEAL)
    s.rect(124, 4, 232, 316, SEA, shadow=False)
    papers = [(140, 24, -4, WHITE), (246, 18, 3, YELLOW), (150, 124, 2, CREAM), (252, 116, -5, WHITE), (146, 222, 4, WHITE), (250, 214, -2, SALMON)]  # fmt: skip
    for number, (x, y, turn, colour) in enumerate(papers):
        s.rect(x, y, 88, 78, colour, turn=turn)
        cx, cy = x + 44, y + 40
        if number % 3 == 0:
            s.disc(cx, cy, 20, RED, shadow=False)
        elif number % 3 == 1:
            s.line(
                [
                    (cx - 28, cy + 10),
                    (cx - 12, cy - 14),
                    (cx + 4, cy + 12),
                    (cx + 20, cy - 12),
                    (cx + 30, cy + 8),
                ],
                PLUM,
                6,
                curved=True,
            )
        else:
            s.poly([(cx - 24, cy + 22), (cx, cy - 22), (cx + 24, cy + 22)], BLUE, shadow=False)
    s.disc(344, 190, 9, AMBER)
    return s


def signature() -> Sheet:
    s = Sheet(18)
    s.rect(-10, 60, 500, 320, BROWN)
    s.rect(70, 90, 330, 210, WHITE, turn=-2)
    for y in (130, 160):
        s.line([(100, y), (300, y - 8)], PALE, 6)
    s.line(
        [
            (110, 248),
            (128, 204),
            (140, 250),
            (162, 214),
            (176, 246),
            (196, 222),
            (206, 248),
            (232, 210),
            (240, 250),
            (268, 226),
            (300, 240),
        ],
        TEAL,
        8,
        curved=True,
    )
    s.line([(104, 272), (330, 262)], INK, 3)
    s.rect(300, 176, 150, 30, RED, turn=-38)
    s.poly([(302, 236), (326, 250), (296, 262)], TAN, rough=0.5)
    s.poly([(301, 250), (309, 255), (296, 262)], INK, shadow=False, rough=0.3)
    return s


def cup() -> Sheet:
    s = Sheet(19)
    s.rect(-10, 270, 500, 100, CREAM)
    for side in (-1, 1):
        x = 240 + side * 104
        s.line(
            [(240 + side * 74, 150), (x + side * 18, 158), (x + side * 18, 214), (240 + side * 66, 226)],
            TEAL,
            17,
            curved=True,
        )
    s.poly([(158, 110), (322, 110), (304, 292), (176, 292)], SEA)
    s.rect(150, 96, 180, 26, TEAL)
    s.poly([(214, 72), (266, 72), (276, 98), (204, 98)], TEAL)
    s.disc(206, 196, 14, YELLOW, shadow=False)
    s.disc(262, 230, 14, RED, shadow=False)
    s.disc(252, 168, 9, WHITE, shadow=False)
    s.blob([(346, 300), (392, 290), (430, 306), (400, 324), (352, 320)], BLUE)
    return s


def duck() -> Sheet:
    s = Sheet(20)
    s.blob([(-10, 250), (120, 240), (240, 254), (360, 240), (490, 252), (490, 372), (-10, 372)], BLUE)
    s.blob(
        [(130, 210), (190, 186), (270, 206), (350, 178), (356, 228), (300, 280), (190, 286), (136, 256)],
        YELLOW,
    )
    s.disc(186, 146, 58, YELLOW)
    s.poly([(84, 150), (136, 134), (138, 170)], RED)
    s.disc(170, 130, 8, INK, shadow=False)
    s.blob([(230, 220), (316, 206), (308, 248), (250, 258)], AMBER)
    for x, y, r in ((60, 190, 20), (400, 120, 28), (436, 176, 15), (90, 96, 13), (330, 90, 17)):
        s.disc(x, y, r, WHITE)
    s.blob([(-10, 292), (110, 284), (230, 298), (370, 284), (490, 296), (490, 372), (-10, 372)], SEA)
    return s


def shoes() -> Sheet:
    s = Sheet(21)
    s.rect(-10, 264, 500, 110, TAN)
    for x in (98, 236):
        s.blob([(x, 150), (x + 62, 146), (x + 76, 196), (x + 140, 216), (x + 146, 256), (x - 4, 256)], RED)
        s.rect(x - 8, 250, 160, 22, WHITE)
        s.blob([(x - 2, 150), (x + 62, 146), (x + 64, 162), (x, 166)], BRICK)
        for lace in range(3):
            s.line([(x + 66 + lace * 18, 194 + lace * 8), (x + 84 + lace * 18, 178 + lace * 10)], WHITE, 6)
    return s


def moon() -> Sheet:
    s = Sheet(22)
    s.rect(-10, -10, 500, 380, "#2f4a66", shadow=False)
    s.disc(230, 160, 104, YELLOW)
    s.disc(278, 138, 92, "#2f4a66", shadow=False)
    s.rect(-10, 300, 500, 80, TEAL)
    s.rect(196, 262, 70, 46, BROWN)
    for x, y, r in ((60, 70, 6), (110, 200, 4), (370, 60, 7), (420, 170, 5), (330, 240, 4), (70, 260, 5)):
        s.disc(x, y, r, CREAM, shadow=False)
    return s
