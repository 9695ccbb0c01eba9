"""A view of a figure that learns: it hands the browser the training code and the digits when they are asked for."""

from .base import View
from .parts import part


class LearningView(View):
    """The canvas of a figure that learns. Its message ``{"bring": name}`` is answered with that part's bytes."""

    def __init__(self, **traits):
        super().__init__(**traits)
        self.on_msg(self._answer)

    def _answer(self, _, message: dict, buffers: list) -> None:
        if name := message.get("bring"):
            self.send({"part": name}, buffers=[part(name)])
