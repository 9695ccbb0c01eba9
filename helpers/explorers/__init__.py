"""The live figures of the course: ipywidgets controls over a canvas that computes in the browser."""
