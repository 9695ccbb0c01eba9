"""The kinds of layers that a network may have: the table that Keras's names, the file and the runners share."""

from typing import NamedTuple


class Kind(NamedTuple):
    """One kind of layer: its class in Keras, the settings that the file keeps, and its weights, in Keras's order."""

    keras: str
    settings: tuple[str, ...] = ()
    weights: tuple[str, ...] = ()
    activated: bool = False  # whether the layer ends in an activation of its own


_WINDOW = ("strides", "padding")
KINDS = {
    "dense": Kind("Dense", ("units", "use_bias"), ("kernel", "bias"), True),
    "conv2d": Kind("Conv2D", ("filters", "kernel_size", *_WINDOW, "use_bias"), ("kernel", "bias"), True),
    "conv2d_transpose": Kind("Conv2DTranspose", ("filters", "kernel_size", *_WINDOW, "use_bias"), ("kernel", "bias"),
                             True),
    "embedding": Kind("Embedding", ("input_dim", "output_dim"), ("embeddings",)),
    "batch_normalization": Kind("BatchNormalization", ("epsilon", "center", "scale", "momentum"),
                                ("gamma", "beta", "moving_mean", "moving_variance")),
    "upsampling2d": Kind("UpSampling2D", ("size", "interpolation")),
    "max_pooling2d": Kind("MaxPooling2D", ("pool_size", *_WINDOW)),
    "average_pooling2d": Kind("AveragePooling2D", ("pool_size", *_WINDOW)),
    "global_average_pooling2d": Kind("GlobalAveragePooling2D", ("keepdims",)),
    "reshape": Kind("Reshape", ("target_shape",)),
    "flatten": Kind("Flatten"),
    "add": Kind("Add"),
    "multiply": Kind("Multiply"),
    "concatenate": Kind("Concatenate", ("axis",)),
    "activation": Kind("Activation", (), (), True),
    "palette": Kind("Palette", ("n_colours",), ("colours",)),
    "time_embedding": Kind("TimeEmbedding", ("n_frequencies", "largest")),
    # What does nothing after training stays in the file, so that training can go on.
    "dropout": Kind("Dropout", ("rate",)),
    "spatial_dropout2d": Kind("SpatialDropout2D", ("rate",)),
    "gaussian_dropout": Kind("GaussianDropout", ("rate",)),
    "gaussian_noise": Kind("GaussianNoise", ("stddev",)),
    "activity_regularization": Kind("ActivityRegularization", ("l1", "l2")),
}
IDLE = ("dropout", "spatial_dropout2d", "gaussian_dropout", "gaussian_noise", "activity_regularization")
OF_KERAS = {kind.keras: name for name, kind in KINDS.items()}
ACTIVATION_LAYERS = ("Activation", "ReLU", "LeakyReLU", "ELU", "Softmax")
ACTIVATIONS = {  # Keras's activation functions with their default options
    **{name: {"name": name} for name in "linear relu selu sigmoid tanh softplus silu gelu softmax".split()},
    "leaky_relu": {"name": "leaky_relu", "alpha": 0.2},
    "elu": {"name": "elu", "alpha": 1.0},
    "relu6": {"name": "clip", "low": 0.0, "high": 6.0},
}
SUPPORTED = (f"the layers {', '.join(sorted({kind.keras for kind in KINDS.values()} | set(ACTIVATION_LAYERS)))}; "
             f"the activations {', '.join(sorted(ACTIVATIONS))}")
ONLY = {  # options of Keras's layers that have one supported value
    "data_format": "channels_last", "dilation_rate": (1, 1), "groups": 1, "output_padding": None,
    "mask_zero": False,
}
EXACT = ("gamma", "beta", "moving_mean", "moving_variance", "colours")  # stay float32 in every file
