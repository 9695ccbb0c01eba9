"""The ladder of the faces: every model of the course before the same 500 real faces and the same two judges."""

import time

from helpers.data.faces import snap
from helpers.data.planets import FEATURES
from helpers.judge.face_inspector import second_inspector
from helpers.judge.face_reader import FaceReader
from helpers.judge.faces import fashion_police, neighbour_information
from helpers.scale import demo_or_full

N_COURT, N_CODED = demo_or_full((100, 500), (500, 4000))
people = pixel_faces()
palette = people.palette.astype("float32")
x_faces, court = palette[people.pixels[:N_CODED]], people.pixels[5000 : 5000 + N_COURT]
outfits = [np.eye(len(allowed))[people.features[name].cat.codes] for name, allowed in FEATURES.items()]
ASKED = {"face_gan_generator.npz": np.concatenate(outfits, axis=1)[4000:5000]}
ENCODERS = {"face_vae_decoder.npz": "face_vae_encoder.npz"}
drawing = np.random.default_rng(SEED)


def painted(file):
    """Faces by a network that paints colours, each pixel set to the nearest colour of the palette."""
    return snap(draw(file, x_faces, 30, N_COURT, drawing), palette)


def tried(group):
    """What the Police, the inspector, the halves, the neighbours and the memory say of a group of faces."""
    return {"police": fashion_police(court, group).accuracy,
            "inspector": second_inspector(palette[court], palette[group]).accuracy,
            "halves": reader.agreement(palette[group])["all"],
            "neighbours": neighbour_information(group).excess,
            "copies": np.mean([face.tobytes() in seen for face in group])}


start_time = time.perf_counter()
made = shipped.load("stranger_faces.npz")
groups = {"naive Bayes": drawing.permuted(people.pixels[:4000], axis=0)[:N_COURT],
          "mixture of naive Bayes": made["mixture"][:N_COURT],
          "VAE": painted("face_vae_decoder.npz"),
          "GAN": painted("face_gan_generator.npz"),
          "nearest stranger": made["images"][:N_COURT],
          "fresh faces": people.pixels[4000 : 4000 + N_COURT]}
reader = FaceReader(palette[people.pixels[:4000]], people.features[:4000])
seen = {face.tobytes() for face in people.pixels[:4000]}
ladder = {f"{name}, {what}": number for name, group in groups.items() for what, number in tried(group).items()}
shipped.save("face_ladder.npz", {"images": np.stack([group[:10] for group in groups.values()])},
             recipe="recipes/13_report.py", seed=SEED, seconds=time.perf_counter() - start_time, scores=ladder)
