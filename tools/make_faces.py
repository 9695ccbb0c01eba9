"""Make `faces.png` and `pixel_faces.npz` in `helpers/data/files`: the sprites and the faces of Planet Pixel.

Run it from the root of the repository, with the art and the program that draws it installed:

    pip install -r versions/tests.txt
    python tools/make_faces.py

Source: python-avatars (MIT), art after Avataaars by Pablo Stanley; resvg-py draws the SVG. The sprites' form is
described in `helpers.data.faces`. The faces of Planet Pixel are drawn four times too large, averaged over blocks of
4 × 4 and set to the nearest of 256 colours.

p_data is a product of tables, `P_DATA`, followed by the held-out combinations being taken out:

    p(topType) p(hairColor | topType) p(accessoriesType | topType) p(clothingType | accessoriesType)
    p(clothingColor | clothingType)

Skin, eyes, mouth and the shift are uniform and independent of everything.
"""

import io
from collections.abc import Callable
from itertools import product
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.image import imread
from PIL import Image
from sklearn.cluster import KMeans

from helpers.data.faces import BACKGROUND, SIZE, SPRITES, Sprite, layers, snap
from helpers.data.planets import FEATURES, FILES, VARIATIONS

N_FACES, SEED = 6000, 2026
BLOCK = 4  # pixels of a sprite in one pixel of Planet Pixel; the largest shift
SIDE = 268 / SIZE * (SIZE + 2 * BLOCK)  # of the square of the drawing that is rendered, with room for the shift
CORNER = -2 - 268 / SIZE * BLOCK, 1.5 - 268 / SIZE * BLOCK
P_DATA = {
    # In the order of FEATURES["topType"].
    "topType": (0.10, 0.12, 0.14, 0.24, 0.14, 0.14, 0.12),
    # Black, Blonde, Brown, PastelPink, Red, SilverGray. Without hair the label is always SilverGray.
    "hairColor | topType": {
        "NoHair": (0, 0, 0, 0, 0, 1),
        "LongHairBun": (0.10, 0.10, 0.15, 0.45, 0.15, 0.05),
        "LongHairCurly": (0.45, 0.05, 0.30, 0.10, 0.05, 0.05),
        "LongHairStraight": (0.10, 0.40, 0.20, 0.10, 0.15, 0.05),
        "ShortHairShortWaved": (0.15, 0.15, 0.45, 0.05, 0.15, 0.05),
        "ShortHairShortFlat": (0.30, 0.10, 0.20, 0.05, 0.05, 0.30),
        "ShortHairFrizzle": (0.15, 0.05, 0.10, 0.10, 0.50, 0.10),
    },
    # Blank, Round, Sunglasses.
    "accessoriesType | topType": {
        "NoHair": (0.20, 0.20, 0.60),
        "LongHairBun": (0.30, 0.60, 0.10),
        "LongHairCurly": (0.50, 0.20, 0.30),
        "LongHairStraight": (0.60, 0.10, 0.30),
        "ShortHairShortWaved": (0.60, 0.30, 0.10),
        "ShortHairShortFlat": (0.30, 0.60, 0.10),
        "ShortHairFrizzle": (0.20, 0.10, 0.70),
    },
    # Hoodie, Overall, ShirtScoopNeck, ShirtVNeck.
    "clothingType | accessoriesType": {
        "Blank": (0.15, 0.15, 0.50, 0.20),
        "Round": (0.10, 0.20, 0.10, 0.60),
        "Sunglasses": (0.50, 0.30, 0.10, 0.10),
    },
    # Black, Blue01, Gray01, PastelGreen, PastelOrange, Pink, Red, White.
    "clothingColor | clothingType": {
        "Hoodie": (0.35, 0.05, 0.25, 0.05, 0.02, 0.10, 0.15, 0.03),
        "Overall": (0.10, 0.45, 0.05, 0.15, 0.05, 0.05, 0.10, 0.05),
        "ShirtScoopNeck": (0.05, 0.10, 0.05, 0.10, 0.15, 0.20, 0.10, 0.25),
        "ShirtVNeck": (0.10, 0.10, 0.15, 0.15, 0.15, 0.05, 0.05, 0.25),
    },
}
SKINS = {"Light": "#EDB98A", "Brown": "#D08B5B", "DarkBrown": "#AE5D29", "Black": "#614335"}
TOPS = {
    "LongHairBun": "BUN", "LongHairCurly": "CURLY", "LongHairStraight": "STRAIGHT_1",
    "ShortHairShortWaved": "SHORT_WAVED", "ShortHairShortFlat": "SHORT_FLAT", "ShortHairFrizzle": "FRIZZLE",
    "NoHair": "NONE",
}
CLOTHES = {"Hoodie": "HOODIE", "Overall": "OVERALL", "ShirtScoopNeck": "SHIRT_SCOOP_NECK",
           "ShirtVNeck": "SHIRT_V_NECK"}
ACCESSORIES = {"Blank": "NONE", "Round": "ROUND", "Sunglasses": "SUNGLASSES"}


def avatar_svg(top: str = "NoHair", clothing: str | None = None, accessory: str = "Blank", eyes: str = "Default",
               mouth: str = "Smile", skin: str = SKINS["Light"], hair: str = "#000000",
               cloth: str = "#000000") -> str:
    """A face as python-avatars draws it, SVG; colours as #RRGGBB."""
    import python_avatars as pa

    return pa.Avatar(
        style=pa.AvatarStyle.TRANSPARENT, top=pa.HairType[TOPS[top]], hair_color=hair, skin_color=skin,
        accessory=pa.AccessoryType[ACCESSORIES[accessory]], clothing_color=cloth,
        clothing=pa.ClothingType[CLOTHES[clothing]] if clothing else pa.ClothingType.NONE,
        eyes=pa.EyeType[eyes.upper()], mouth=pa.MouthType[mouth.upper()], eyebrows=pa.EyebrowType.DEFAULT,
        nose=pa.NoseType.DEFAULT, facial_hair=pa.FacialHairType.NONE,
    ).render()


def rasterise(svg: str, parts: tuple[str, ...] = (), left: float = 0) -> np.ndarray:
    """The drawing, or only its top groups named in `parts`, as float32 (136, 136, 4): colour times opacity, opacity.

    `left` moves it, in units of the drawing, of which the art is 264 wide and 280 high.
    """
    import resvg_py

    tree = ElementTree.fromstring(svg)
    if parts:
        groups = tree.find("{http://www.w3.org/2000/svg}g")
        for group in list(groups):
            if group.get("id").removeprefix("transparent_") not in parts:
                groups.remove(group)
    view = {"viewBox": f"{CORNER[0] + left} {CORNER[1]} {SIDE} {SIDE}",
            "width": str(SIZE + 2 * BLOCK), "height": str(SIZE + 2 * BLOCK)}
    tree.attrib.update(view)
    png = resvg_py.svg_to_bytes(svg_string=ElementTree.tostring(tree, encoding="unicode"), skip_system_fonts=True)
    picture = imread(io.BytesIO(bytes(png)))
    picture[..., :3] *= picture[..., 3:]
    return picture


def sprite(colour: str, parts: tuple[str, ...], left: float = 0, **face: str) -> Sprite:
    """A part of a face. What it takes of a colour is the difference between it drawn in white and in black."""
    black, white = (rasterise(avatar_svg(**face, **{colour: value}), parts, left) for value in ("#000000", "#FFFFFF"))
    tint = (white - black)[..., :3].mean(axis=-1, keepdims=True)
    return Sprite(black[..., :3], black[..., 3:], tint)


def body(eyes: str = "Default", mouth: str = "Smile") -> Sprite:
    """Head, neck and shoulders, with a face."""
    return sprite("skin", ("Body", "Face"), eyes=eyes, mouth=mouth)


def all_sprites() -> dict[str, Sprite]:
    """What `SPRITES` names, 136 × 136 pixels each."""
    made = {"Body": body()}
    made |= {name: sprite("cloth", ("Clothing",), clothing=name) for name in CLOTHES}
    made |= {name: sprite("hair", ("Top",), top=name) for name in TOPS if name != "NoHair"}
    for where, left in {"": 0, " left": 1}.items():
        made |= {name + where: sprite("hair", ("Top",), left, accessory=name) for name in ("Round", "Sunglasses")}
    return {name: made[name] for name in SPRITES}


def sheet(made: dict[str, Sprite]) -> np.ndarray:
    """The sprites in the form of faces.png, uint8 (15 * 128, 256, 3)."""
    inner = slice(BLOCK, BLOCK + SIZE)
    rows = []
    for ink, opacity, tint in made.values():
        right = np.concatenate([opacity, tint, np.zeros_like(tint)], axis=-1)
        rows.append(np.concatenate([ink[inner, inner], right[inner, inner]], axis=1))
    return np.round(255 * np.concatenate(rows).clip(0, 1)).astype(np.uint8)


def combinations() -> np.ndarray:
    """All 4,032 combinations as codes, int (4032, 5), columns in the order of `FEATURES`."""
    return np.array(list(product(*(range(len(values)) for values in FEATURES.values()))))


def p_data() -> np.ndarray:
    """The probability of each of `combinations`, before any is held out."""
    codes = dict(zip(FEATURES, combinations().T, strict=True))
    p = np.array(P_DATA["topType"])[codes["topType"]]
    for name, table in P_DATA.items():
        if " | " in name:
            feature, given = name.split(" | ")
            p = p * np.array([table[value] for value in FEATURES[given]])[codes[given], codes[feature]]
    return p


def held_out() -> np.ndarray:
    """Which of `combinations` are never drawn, in order of falling probability: every tenth, from the fifth on."""
    p = p_data()
    return np.argsort(-p.round(12), kind="stable")[: np.count_nonzero(p)][4::10]


def draw_features(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Codes of the features and variations, uint8 (n, 8), and shifts right and down, int8 (n, 2)."""
    p = p_data()
    p[held_out()] = 0
    drawn = combinations()[rng.choice(len(p), size=N_FACES, p=p / p.sum())]
    variations = [rng.integers(len(values), size=N_FACES) for values in VARIATIONS.values()]
    shifts = rng.integers(-1, 2, size=(N_FACES, 2))
    return np.column_stack([drawn, *variations]).astype(np.uint8), shifts.astype(np.int8)


def shrink(picture: np.ndarray, dx: int, dy: int) -> np.ndarray:
    """A picture (136, 136, 3), shifted and averaged over blocks, float32 (32, 32, 3)."""
    top, left = BLOCK * (1 - dy), BLOCK * (1 - dx)
    blocks = picture[top : top + SIZE, left : left + SIZE].reshape(SIZE // BLOCK, BLOCK, SIZE // BLOCK, BLOCK, 3)
    return blocks.mean(axis=(1, 3))


def names(codes: np.ndarray) -> dict[str, str]:
    """The values that one row of codes stands for."""
    values = FEATURES | VARIATIONS
    return {name: values[name][code] for name, code in zip(values, codes, strict=True)}


def small_faces(codes: np.ndarray, shifts: np.ndarray, made: dict[str, Sprite]) -> np.ndarray:
    """The faces with these codes and shifts, uint8 (n, 32, 32, 3)."""
    bodies = {pair: body(*pair) for pair in product(VARIATIONS["eyes"], VARIATIONS["mouth"])}
    images = np.empty((len(codes), SIZE // BLOCK, SIZE // BLOCK, 3), np.uint8)
    for i, (row, (dx, dy)) in enumerate(zip(codes, shifts.tolist(), strict=True)):
        face = names(row)
        picture = np.full((SIZE + 2 * BLOCK, SIZE + 2 * BLOCK, 3), to_rgb(BACKGROUND), np.float32)
        picture = bodies[face["eyes"], face["mouth"]].over(picture, SKINS[face["skin"]])
        for name, colour in layers(**{feature: face[feature] for feature in FEATURES})[1:]:
            picture = made[name].over(picture, colour)
        images[i] = np.round(255 * shrink(picture, dx, dy).clip(0, 1))
    return images


def best_palette(images: np.ndarray, n_colours: int = 256) -> np.ndarray:
    """The colours that serve the pictures best, uint8 (256, 3), dark to light.

    k-means on the pictures' colours, thinned to 32 levels a channel and weighted with the root of their count,
    so that small things such as eyes get colours too; it starts at the commonest ones.
    """
    colours = images.reshape(-1, 3)
    _, cell, counts = np.unique(colours >> 3, axis=0, return_inverse=True, return_counts=True)
    means = np.column_stack([np.bincount(cell.ravel(), colours[:, k]) / counts for k in range(3)])
    start = means[np.argsort(-counts, kind="stable")[:n_colours]]
    centres = KMeans(n_colours, init=start, n_init=1).fit(means, sample_weight=np.sqrt(counts)).cluster_centers_
    centres = np.round(centres).astype(np.uint8)
    return centres[np.lexsort([*centres.T, centres @ (0.2126, 0.7152, 0.0722)])]


def save(target: Path, write: Callable, **arguments) -> None:
    """Write a file whole or not at all."""
    temporary = target.with_name(target.stem + ".part" + target.suffix)
    write(temporary, **arguments)
    temporary.replace(target)
    print(f"{target.name}: {target.stat().st_size:,} bytes")


def main(folder: Path = FILES) -> None:
    """Write both files."""
    made = all_sprites()
    save(folder / "faces.png", Image.fromarray(sheet(made)).save, optimize=True)
    codes, shifts = draw_features(np.random.default_rng(SEED))
    images = small_faces(codes, shifts, made)
    palette = best_palette(images)
    pixels = snap(images / 255, palette / 255)
    arrays = {"pixels": pixels, "palette": palette, "features": codes, "shifts": shifts,
              "held_out": combinations()[held_out()].astype(np.uint8)}
    save(folder / "pixel_faces.npz", np.savez_compressed, **arrays)


if __name__ == "__main__":
    main()
