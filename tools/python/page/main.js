// Python in the page: tools/assets.py bundles this file and what it imports into vendor/python.js, which
// book/_static/python.js loads when its reader presses the button.
import { open } from "./chapter.js";
import "./python.css";
import { course } from "./site.js";

course.python = open;
