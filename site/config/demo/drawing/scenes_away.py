"""Scenes away from home: travel, wards, weather, rivers, hospitals; and pictures for pages about figures."""

from __future__ import annotations

from config.demo.drawing.paper import (
    AMBER,
    BLUE,
    BRICK,
    BROWN,
    CREAM,
    DARK_GREEN,
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


def suitcase() -> Sheet:
    s = Sheet(31)
    s.rect(-10, 286, 500, 90, CREAM)
    s.line([(176, 110), (176, 66), (284, 66), (284, 110)], INK, 13)
    s.rect(86, 104, 288, 200, RED)
    s.rect(130, 104, 22, 200, BRICK, shadow=False)
    s.rect(308, 104, 22, 200, BRICK, shadow=False)
    s.rect(196, 150, 76, 46, CREAM, turn=-6)
    s.line([(210, 170), (256, 166)], TEAL, 5)
    s.line([(212, 182), (242, 179)], TEAL, 5)
    s.disc(408, 276, 36, WHITE)
    s.poly([(408, 258), (424, 270), (418, 290), (398, 290), (392, 270)], INK, shadow=False)
    for x, y in ((376, 262), (438, 258), (444, 292), (384, 302)):
        s.disc(x, y, 7, INK, shadow=False)
    return s


def corridor() -> Sheet:
    s = Sheet(32)
    s.rect(-10, -10, 500, 380, "#b9d4d2", shadow=False)
    s.poly([(-10, 372), (190, 200), (290, 200), (490, 372)], CREAM)
    s.poly([(-10, -10), (190, 110), (290, 110), (490, -10)], WHITE)
    s.rect(190, 110, 100, 92, SEA)
    s.rect(222, 140, 38, 62, TEAL)
    for step, (y, w, h) in enumerate(((98, 20, 5), (78, 34, 8), (48, 58, 12), (8, 96, 18))):
        s.disc(240, y, w, YELLOW if step % 2 else AMBER, ry=h)
    s.poly([(30, 130), (100, 146), (100, 276), (30, 336)], RED)
    s.poly([(136, 152), (164, 158), (164, 222), (136, 246)], RED)
    s.poly([(450, 130), (380, 146), (380, 276), (450, 336)], TEAL)
    s.poly([(344, 152), (316, 158), (316, 222), (344, 246)], TEAL)
    return s


def field() -> Sheet:
    s = Sheet(33)
    s.disc(96, 80, 46, RED)
    s.blob([(-20, 180), (120, 140), (260, 168), (400, 132), (500, 160), (500, 380), (-20, 380)], GREEN)
    s.poly([(-10, 250), (490, 200), (490, 380), (-10, 380)], AMBER)
    for row in range(7):
        x = -60 + row * 84
        s.line([(x, 372), (x + 120, 228 - row * 3)], YELLOW, 9)
    s.rect(350, 116, 12, 76, BROWN)
    s.disc(356, 96, 44, DARK_GREEN)
    s.disc(390, 116, 26, DARK_GREEN)
    return s


def umbrella() -> Sheet:
    s = Sheet(34)
    s.blob([(60, 60), (130, 24), (210, 50), (300, 20), (400, 60), (360, 96), (110, 98)], "#8ba3b8")
    s.rect(-10, 300, 500, 80, TEAL)
    s.line([(240, 150), (240, 292), (226, 308), (208, 300)], INK, 9, curved=True)
    s.blob(
        [(100, 212), (132, 140), (240, 104), (348, 140), (380, 212), (310, 198), (240, 214), (170, 198)], RED
    )
    s.blob([(196, 202), (204, 146), (240, 104), (276, 146), (284, 202), (240, 214)], AMBER, shadow=False)
    for x, y in ((60, 150), (90, 230), (400, 140), (430, 220), (140, 270), (340, 268), (40, 270), (300, 240)):
        s.line([(x, y), (x - 7, y + 22)], WHITE, 5)
    s.disc(330, 330, 70, BLUE, ry=12)
    return s


def river() -> Sheet:
    s = Sheet(35)
    s.disc(360, 82, 50, YELLOW)
    s.blob([(-20, 170), (90, 120), (210, 150), (330, 110), (500, 150), (500, 240), (-20, 240)], GREEN)
    s.blob([(-20, 214), (120, 200), (300, 216), (500, 196), (500, 380), (-20, 380)], BLUE)
    for x, y, w in ((60, 244, 70), (210, 262, 90), (350, 240, 80), (120, 296, 60), (300, 312, 100)):
        s.line([(x, y), (x + w / 3, y - 7), (x + 2 * w / 3, y + 5), (x + w, y - 2)], WHITE, 5, curved=True)
    s.poly([(-10, 300), (170, 330), (230, 380), (-10, 380)], TAN)
    s.line([(96, 254), (96, 316)], BROWN, 9)
    s.line([(96, 262), (160, 288), (250, 276)], RED, 5, curved=True)
    s.disc(268, 272, 25, RED)
    s.disc(268, 272, 12, BLUE, shadow=False)
    return s


def ramp() -> Sheet:
    s = Sheet(36)
    s.blob([(-20, 200), (150, 176), (330, 196), (500, 170), (500, 380), (-20, 380)], BLUE)
    s.blob([(-20, 90), (150, 60), (300, 96), (500, 70), (500, 200), (-20, 204)], GREEN)
    s.poly([(-10, 228), (110, 228), (400, 332), (400, 380), (-10, 380)], TAN)
    s.poly([(-10, 216), (112, 216), (404, 320), (400, 336), (108, 232), (-10, 232)], BROWN)
    s.line([(20, 216), (20, 148)], INK, 8)
    s.line([(112, 216), (112, 148)], INK, 8)
    s.line([(250, 264), (250, 200)], INK, 8)
    s.line([(380, 310), (380, 248)], INK, 8)
    s.line([(10, 150), (114, 150), (384, 250)], RED, 11)
    s.disc(424, 100, 34, YELLOW)
    return s


def pencil_line() -> Sheet:
    s = Sheet(37)
    s.rect(90, 20, 210, 326, WHITE, turn=2)
    s.blob(
        [
            (180, 50),
            (218, 62),
            (224, 150),
            (244, 196),
            (236, 300),
            (212, 316),
            (204, 220),
            (186, 320),
            (162, 306),
            (150, 196),
            (166, 150),
            (160, 66),
        ],
        PALE,
    )
    s.line([(130, 176), (266, 180)], TEAL, 5)
    for step in range(6):
        s.line([(132 + step * 24, 232), (144 + step * 24, 232)], RED, 6)
    s.rect(318, 176, 66, 20, AMBER, turn=90)
    s.poly([(341, 218), (361, 218), (351, 244)], TAN, rough=0.4)
    s.poly([(346, 232), (356, 232), (351, 245)], INK, shadow=False, rough=0.3)
    s.rect(340, 140, 22, 14, SALMON)
    return s


def glasses() -> Sheet:
    s = Sheet(38)
    s.rect(-10, 250, 500, 130, CREAM)
    s.disc(160, 190, 78, TEAL, ry=70)
    s.disc(160, 190, 60, WHITE, ry=53, shadow=False)
    s.disc(328, 190, 78, TEAL, ry=70)
    s.disc(328, 190, 60, WHITE, ry=53, shadow=False)
    s.line([(232, 176), (244, 168), (256, 176)], TEAL, 14, curved=True)
    s.line([(86, 172), (44, 150), (20, 156)], TEAL, 12, curved=True)
    s.line([(402, 172), (444, 150), (466, 156)], TEAL, 12, curved=True)
    for x in (140, 308):
        s.poly([(x, 224), (x + 36, 152), (x + 52, 158), (x + 16, 230)], PALE, shadow=False)
    s.poly([(196, 300), (300, 290), (308, 330), (204, 340)], RED)
    return s


def dots() -> Sheet:
    """100 people: 17 improved, 12 unchanged, 2 worse, 69 not seen again, as in the sample figures."""
    s = Sheet(39)
    s.rect(30, 20, 420, 320, WHITE)
    for place in range(100):
        x, y = 66 + place % 12 * 31.5, 52 + place // 12 * 32
        if place < 17:
            s.disc(x, y, 11, TEAL, shadow=False)
        elif place < 29:
            s.disc(x, y, 11, "#7a5a10", shadow=False)
            s.disc(x, y, 6.5, WHITE, shadow=False)
        elif place < 31:
            s.poly([(x, y - 13), (x + 13, y), (x, y + 13), (x - 13, y)], RED, shadow=False, rough=0.4)
        else:
            s.disc(x, y, 4, "#646e6a", shadow=False)
    return s


def hospital(roof: str, wall: str, seed: int, *, water: bool = False, toys: bool = False) -> Sheet:
    s = Sheet(seed)
    s.disc(84, 76, 40, YELLOW)
    if not water:
        s.blob([(-20, 260), (140, 236), (340, 250), (500, 232), (500, 380), (-20, 380)], GREEN)
    s.rect(110, 120, 270, 190, wall)
    s.rect(98, 104, 294, 24, roof)
    s.rect(196, 56, 98, 52, wall)
    s.line([(245, 68), (245, 96)], roof, 12)
    s.line([(231, 82), (259, 82)], roof, 12)
    for row in range(2):
        for column in range(4):
            s.rect(
                134 + column * 60,
                146 + row * 58,
                34,
                36,
                BLUE if (row + column) % 3 else YELLOW,
                shadow=False,
            )
    s.rect(222, 252, 50, 58, TEAL)
    s.rect(-10, 304, 500, 70, TAN)
    if water:
        s.blob([(-20, 322), (120, 314), (260, 326), (500, 312), (500, 380), (-20, 380)], BLUE)
        s.line([(60, 342), (100, 336), (140, 344)], WHITE, 5, curved=True)
        s.line([(300, 346), (350, 338), (400, 346)], WHITE, 5, curved=True)
    if toys:
        s.line([(420, 306), (420, 190)], BROWN, 8)
        s.poly([(424, 190), (470, 206), (424, 226)], RED)
        s.disc(60, 296, 24, PLUM)
    return s


def hospital_east() -> Sheet:
    return hospital(RED, WHITE, 40)


def hospital_river() -> Sheet:
    return hospital(TEAL, CREAM, 41, water=True)


def hospital_children() -> Sheet:
    return hospital(PLUM, PALE, 42, toys=True)


def report_cover() -> Sheet:
    s = Sheet(43)
    s.rect(130, 20, 230, 320, WHITE, turn=2)
    for step, height in enumerate((90, 64, 10)):
        s.rect(170 + step * 56, 230 - height, 36, height, (SEA, AMBER, RED)[step])
    s.line([(156, 234), (340, 238)], INK, 4)
    for y in (266, 288):
        s.line([(160, y), (316, y + 5)], PALE, 7)
    return s


def oranges() -> Sheet:
    s = Sheet(44)
    s.rect(-10, 280, 500, 90, SEA)
    s.blob([(150, 130), (240, 116), (330, 132), (356, 300), (240, 316), (126, 300)], TAN)
    s.line([(186, 132), (196, 70), (282, 70), (294, 132)], BROWN, 9, curved=True)
    for x, y, r in ((190, 128, 36), (262, 116, 40), (320, 140, 28)):
        s.disc(x, y, r, AMBER)
        s.line([(x - 2, y - r + 6), (x + 7, y - r - 6)], DARK_GREEN, 6)
    s.poly([(138, 160), (346, 160), (356, 300), (126, 300)], TAN, rough=2)
    s.disc(406, 282, 34, AMBER)
    s.disc(412, 256, 7, DARK_GREEN, shadow=False)
    return s
