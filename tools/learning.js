// The figures that learn: tools/assets.py bundles this file and what it imports into vendor/learning.js, which
// book/_static/figures.js loads when such a figure comes near. helpers/widget_state.py has the same names.
import bells from "../helpers/live/bells.js";
import bends from "../helpers/live/bends.js";
import carry from "../helpers/live/carry.js";
import digit_vae from "../helpers/live/digit_vae.js";
import duel from "../helpers/live/duel.js";
import em from "../helpers/live/em.js";

Object.assign(/** @type {any} */ (globalThis).course.views, { bells, bends, carry, digit_vae, duel, em });
