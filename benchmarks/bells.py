"""How many of ten games on the ring of eight bells find all of them, with the remedies and without (chapter 10).

Run: python -m benchmarks.bells     (about five minutes; Node.js plays the games of helpers/live/learn/ring.js)
"""

from support import browser_code, in_node

N_SEEDS, MOMENTS = 10, (800, 1200, 1600)
RECIPES = {  # gamma, the curator's rate, whether the running average paints
    "all three remedies": "[0.1, 0.002, true]", "none": "[0, 0.0002, false]",
    "equal rates alone": "[0, 0.002, false]", "R1 alone": "[0.1, 0.0002, false]"}


def bells_found(recipe: str) -> list[list[int]]:
    """Bells that the forger covers at the moments of each game."""
    return in_node(browser_code("learn/ring.js", "countBells", "makeRing") + f"""
        const [gamma, rateD, averaged] = {recipe}, found = [];
        for (let seed = 0; seed < {N_SEEDS}; seed++) {{
          const game = makeRing(seed);
          found.push([]);
          for (let k = 1; k <= {MOMENTS[-1]}; k++) {{
            game.move({{ gamma, rateD }});
            if ({list(MOMENTS)}.includes(k)) found[seed].push(countBells(game.points(averaged)).bells);
          }}
        }}
        console.log(JSON.stringify(found));""")


if __name__ == "__main__":
    for name, recipe in RECIPES.items():
        found = bells_found(recipe)
        print(f"{name:20} all eight bells in {sum(game[-1] == 8 for game in found)} of {N_SEEDS} games; after "
              f"{MOMENTS} moves: {found}")
