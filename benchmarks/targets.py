"""What is promised: the rows of the two tables of budgets, and what was found of each."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """A promise: at most, or at least, so much.

    `suite` names the part of the benchmarks that measures it; `full` marks what only full scale measures. `history`
    says so where a promise was set or lowered after the result was seen.
    """

    key: str
    what: str
    unit: str
    suite: str
    at_most: float | None = None
    at_least: float | None = None
    full: bool = False
    history: str = ""

    def met(self, value: float) -> bool:
        """Whether the value keeps the promise."""
        return value <= self.at_most if self.at_least is None else value >= self.at_least

    @property
    def limit(self) -> str:
        """The promise as text: "≤ 9 min"."""
        sign, number = ("≤", self.at_most) if self.at_least is None else ("≥", self.at_least)
        return f"{sign} {number:,g} {self.unit}".rstrip()

    @property
    def promise(self) -> str:
        """The limit and its history: "≥ 2 × (set after the result)"."""
        return f"{self.limit} ({self.history})" if self.history else self.limit


AFTER = "set after the result was seen"
TARGETS = (
    Target("fresh", "make site on a fresh machine, downloads aside", "min", "fresh", at_most=5, full=True),
    Target("chapters", "all chapters, cold", "min", "chapters", at_most=4.5),
    Target("slowest", "the slowest chapter, cold", "s", "chapters", at_most=50),
    Target("memory", "peak memory of a chapter without TensorFlow", "MB", "chapters", at_most=600),
    Target("memory_tf", "peak memory of a chapter with TensorFlow", "MB", "chapters", at_most=1100),
    Target("slider", "one slider frame, processor slowed 4×, 95th percentile", "ms", "pages", at_most=16.7),
    Target("learning_epoch", "an epoch of 4,000 digits in the page (VAE 784–128–4)", "s", "learning", at_most=1),
    Target("learning_keras", "the same over Keras's compiled loop, in the processor's time", "×", "learning", at_most=4,
           history=AFTER),
    Target("learning_nats", "−145 nats on held-out digits there, from the press", "s", "learning", at_most=15),
    Target("learning_slider", "a slider frame meanwhile, processor slowed 4×, 95th percentile", "ms", "learning",
           at_most=16.7),
    Target("alive", "a live figure answers after it came into view", "s", "pages", at_most=1),
    Target("first_load", "a page's first load, gzipped", "MB", "pages", at_most=0.5),
    Target("figures_load", "a page with all its live figures, gzipped", "MB", "pages", at_most=4),
    Target("python_scipy", "Python in the page: from the press to the first cell of a SciPy chapter", "s",
           "python_page", at_most=15),
    Target("python_numpy", "the same: an exercise cell of NumPy alone", "s", "python_page", at_most=6),
    Target("python_memory", "the same: memory of a page 10 s after its cells have all run", "MB", "python_page",
           at_most=800),
    Target("lighthouse", "Lighthouse, mobile: performance of the slowest page", "", "lighthouse", at_least=0.95),
    Target("lcp_s", "the same: largest contentful paint", "s", "lighthouse", at_most=2.5),
    Target("blocking_ms", "the same: blocking time", "ms", "lighthouse", at_most=200),
    Target("shift", "the same: layout shift", "", "lighthouse", at_most=0.02),
    Target("lighthouse_others", "the same: accessibility, best practices and SEO", "", "lighthouse", at_least=1),
    Target("lighthouse_ahead", "the same: performance above a default Jupyter Book page of Chapter 2", "", "lighthouse",
           at_least=0.01),
    Target("ci", ".ci/run on a fresh clone", "min", "fresh", at_most=40, full=True),
    Target("notebook", "the largest committed notebook", "MB", "files", at_most=1),
    Target("artefacts", "all shipped models and samples", "MB", "files", at_most=8),
    Target("bayes", "Gaussian Bayes, accuracy on MNIST's test set", "%", "files", at_least=96.5),
    Target("bayes_time", "Gaussian Bayes, fit + predict", "s", "gaussians", at_most=3),
    Target("mixture", "mixtures of Gaussians, accuracy on MNIST's test set", "%", "files", at_least=98),
    Target("draw", "one exact Gaussian draw: time of np.random.multivariate_normal over ours", "×", "gaussians",
           at_least=1000),
    Target("draws", "10,000 exact Gaussian draws", "s", "gaussians", at_most=0.5),
    Target("vae_time", "VAE: time of the source's recipe (RMSprop of Keras 2) over ours, to its test ELBO", "×", "vae",
           at_least=10, history=AFTER),
    Target("vae_time_3", "the same, RMSprop of Keras 3", "×", "vae", at_least=20, history=f"{AFTER}; before: 25"),
    Target("vae_elbo", "VAE: test ELBO above the source's recipe (RMSprop of Keras 2), same time", "nats", "vae",
           at_least=8, history=AFTER),
    Target("vae_elbo_3", "the same, RMSprop of Keras 3", "nats", "vae", at_least=12),
    Target("vae_fair", "VAE: time of that recipe (Keras 2) with β = 1 over ours, to its test ELBO", "×", "vae",
           at_least=2, history=f"{AFTER}; before, against Keras 3: 3"),
    Target("log_p", "VAE with 50 latent numbers: test log p, binarised, 5,000 importance samples", "nats", "files",
           at_least=-87.75),
    Target("codes", "VAE: distance under N(0, I) over that under a mixture of the same decoder's codes", "×", "files",
           at_least=3),
    Target("codes_best", "VAE: the best distance under N(0, I) over that under the mixture", "×", "files",
           at_least=2),
    Target("gan", "GAN: distance of its digits over that of real ones, the floor", "×", "files", at_most=5),
    Target("gan_cost", "GAN: multiply-adds of its generator", "million", "files", at_most=3),
    Target("gan_time", "GAN: time of TensorFlow's DCGAN tutorial over ours, to the tutorial's best distance", "×",
           "gan", at_least=20, full=True),
    Target("coverage", "GAN: coverage", "", "files", at_least=0.9),
    Target("copies", "GAN: share of samples suspiciously near a training digit", "%", "files", at_most=3),
    Target("copier", "the same of a copier: it is caught", "%", "files", at_least=3),
)


@dataclass
class Row:
    """What was found of one target; `scale` where it is not that of the run."""

    key: str
    value: float
    note: str = ""
    scale: str = ""
