# make book: the site, from a bare machine to a page in your browser.  make test: everything that must hold.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := bash
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
BY_TWO := -n 2 --dist loadfile --no-loadscope-reorder  # pytest-xdist: two files at a time, in the order of testpaths
UPGRADE ?= --upgrade
# One answer for all systems and versions of Python that pyproject.toml names, with the checksums of all their files.
COMPILE = _build/uv/bin/uv pip compile --quiet $(UPGRADE) --universal --python-version 3.11 --only-binary :all: \
	--generate-hashes --no-annotate --custom-compile-command "make update"
# Two makes at once wait for each other: what several of them could write is written under a lock.
ALONE = $(if $(wildcard $(BIN)/python),$(BIN)/python,$(PYTHON)) tools/alone.py
OFFLINE := $(BIN)/python tools/offline.py  # what follows has no network, where the system can do that
# Chapters and build tools run in the environment's Python, whatever the shell has activated.
export PATH := $(CURDIR)/$(BIN):$(PATH)
export TF_CPP_MIN_LOG_LEVEL ?= 2
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Chapters compute as on an x86-64 processor of ten years ago: what they print is the same to the last digit on all.
ifeq ($(shell uname -m),x86_64)
export OPENBLAS_CORETYPE := Haswell
export ONEDNN_MAX_CPU_ISA := AVX2
export NPY_DISABLE_CPU_FEATURES := X86_V4,AVX512_ICL,AVX512_SPR
endif

HELPERS := $(shell find helpers -type f -not -path '*/__pycache__/*' 2>/dev/null)
PAGES := $(shell find book -type f -not -path 'book/_extra/*' -not -path '*/.ipynb_checkpoints/*' -not -path '*/__pycache__/*') benchmarks/results/table.md
INSTALLED := $(VENV)/.installed
TESTED := $(VENV)/.installed-tests
ASSETS := _build/.assets
PAGE := _build/.page
SITE := _build/.site

.PHONY: help book site lab test notebooks artefacts bench pdf epub assignment rehearse audit mutate update clean right-python \
	installed tested bundled built

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

book: built  ## build the site and serve it on localhost (PORT=8000)
	@$(BIN)/python tools/serve.py _build/html $(PORT)

site: built  ## build the site in _build/html, without serving it
	@echo "The site is in _build/html"

lab: installed  ## open the chapters in JupyterLab on localhost, with a token
	@$(BIN)/jupyter labextension disable --level=sys_prefix @jupyterlab/apputils-extension:announcements 2>/dev/null
	JUPYTER_PATH="$(CURDIR)/tools/lab:$$JUPYTER_PATH" $(BIN)/jupyter lab --ServerApp.ip=127.0.0.1 --ServerApp.root_dir=. \
		--LabApp.default_url=/lab/tree/book/01_what_is_a_generative_model.ipynb $(LAB_OPTIONS)

test: built tested  ## run every test: helpers, notebooks, the built site
	$(BIN)/ruff check .
	$(OFFLINE) $(BIN)/pytest $(BY_TWO)

notebooks: installed  ## run every chapter and store its outputs (CHAPTERS="book/02_*.ipynb" for some)
	@$(ALONE) $(BIN)/python tools/notebooks.py $(CHAPTERS) 2> >(grep -v IPKernelApp >&2)

artefacts: installed  ## train what comes with the pages, on all of MNIST, the judge first (RECIPES=recipes/… for some)
	@$(BIN)/python tools/artefacts.py $(RECIPES)

bench: built tested  ## measure every budget and compare with the sources' methods (WHICH=vae for one; COURSE_SCALE=full)
	@$(BIN)/python -m benchmarks $(WHICH)

pdf: built tested  ## print the built site as one PDF, _build/book.pdf (needs Chromium)
	@$(BIN)/python tools/pdf.py

epub: built  ## make the book for e-readers, _build/book.epub
	@$(BIN)/python tools/epub.py

assignment: installed  ## write exercises as nbgrader's assignments, _build/assignments (CHAPTERS="2 5" for some)
	@$(BIN)/python tools/assignment.py $(CHAPTERS)

rehearse: built tested  ## perform Binder's steps, Colab's, a machine without Node, old and new Keras, a slow processor, every slide, Python in every page, Firefox, WebKit, shorter books, PDF and EPUB, nbgrader; needs PyPI (WHICH=binder for one)
	@$(BIN)/python tools/rehearse.py $(WHICH)

audit: tested bundled  ## licences, unused requirements, known vulnerabilities, workflows; needs PyPI and npm
	@$(BIN)/pytest --quiet tests/unit/test_audit.py
	@$(BIN)/python -m venv _build/audit && _build/audit/bin/python -m pip install --quiet \
		"pip-audit>=2.9,<3" "zizmor>=1.32,<2" "check-jsonschema>=0.39,<1"
	_build/audit/bin/pip-audit --strict --require-hashes --disable-pip $(addprefix -r ,$(wildcard versions/*.txt))
	npm audit --omit=dev
	_build/audit/bin/zizmor --quiet --offline .github
	_build/audit/bin/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml

mutate: tested  ## change the code in small ways, one at a time, and see whether a test notices; hours (MUTATE="--each 1 helpers/judge/*.py")
	@$(BIN)/python tools/mutate.py $(MUTATE)

update:  ## renew the exact versions in versions/ within the ranges and show what changed (UPGRADE= keeps what still fits)
	@$(PYTHON) -m venv _build/uv && _build/uv/bin/python -m pip install --quiet "uv>=0.9,<1"
	@$(COMPILE) requirements.txt -o versions/course.txt
	@$(COMPILE) --group tests -c versions/course.txt -o versions/tests.txt
	@$(COMPILE) --group node -o versions/node.txt
	@$(COMPILE) --group hub --no-deps -o versions/hub.txt
	@$(subst 3.11,3.14,$(COMPILE)) --group page --no-deps -o versions/page.txt
	@git diff --unified=0 -- versions | grep -E "^[-+][^ ]+==" || echo "No version changed"

clean:  ## remove everything that make made (the data folder stays)
	@$(ALONE) rm -rf $(VENV) node_modules _build book/_extra book/jupyter_execute *.egg-info

installed: FILE := $(INSTALLED)
tested: FILE := $(TESTED)
bundled: FILE := $(ASSETS)
built: FILE := $(SITE)
installed tested bundled built: right-python
	@$(ALONE) $(MAKE) --no-print-directory $(FILE)

$(INSTALLED): versions/course.txt pyproject.toml | right-python
	@echo "[1/3] Python environment in $(VENV): about 2 minutes and 2.5 GB the first time; its last step prints nothing"
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	@set -o pipefail; $(BIN)/python -m pip install -r versions/course.txt \
		| grep -E --line-buffered "^(Collecting|Installing)" || test $${PIPESTATUS[0]} = 0
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

# The environment there is was made with the Python that is asked for; a new one needs a Python that the course runs on.
right-python:
	@if test -e $(BIN)/python; then test "$(origin PYTHON)" = file || test "$$($(PYTHON) --version)" = "$$($(BIN)/python --version)" \
		|| { echo "$(VENV) has $$($(BIN)/python --version). For another: rm -r $(VENV), then make PYTHON=$(PYTHON) $(MAKECMDGOALS)"; exit 1; }; \
	else command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) was not found. Install Python 3.11 to 3.13, then: make PYTHON=/path/to/python $(MAKECMDGOALS)"; exit 1; }; \
		$(PYTHON) -c 'import sys; sys.exit(None if (3, 11) <= sys.version_info < (3, 15) else f"Python 3.11 to 3.14 is needed; $(PYTHON) is {sys.version.split()[0]}. Try: make PYTHON=python3.12 $(MAKECMDGOALS)")'; fi

$(TESTED): versions/tests.txt versions/hub.txt $(INSTALLED)
	$(BIN)/python -m pip install --quiet -r versions/tests.txt -r versions/hub.txt
	@touch $@

$(ASSETS): package.json package-lock.json tools/assets.py helpers/live/parts.py helpers/live/linker.py helpers/data/files/digits.npz \
		$(wildcard tools/*.js tools/python/page/* tools/slides/*) $(filter %.js %.css,$(HELPERS)) $(INSTALLED)
	@echo "[2/3] Browser files from npm"
	@command -v npm >/dev/null || $(BIN)/python -m pip install --quiet -r versions/node.txt
	@$(BIN)/python tools/assets.py
	@mkdir -p _build && touch $@

# Pyodide and its packages; where no source had them there is no note, and the next make looks again.
$(PAGE): tools/python_page.py tools/python/compile.mjs tools/python/compile.py versions/page.txt book/_python/worker.js helpers/live/runtime/network.js $(ASSETS)
	@$(BIN)/python tools/python_page.py
	@test -e book/_extra/python/missing.txt || touch $@

# Jupyter Book's cache knows the notebooks but not the modules that they import. (The pages have the figures' JavaScript
# from vendor/, so a change of it runs no chapter.)
_build/.helpers: $(filter-out %.js %.css,$(HELPERS)) $(INSTALLED)
	@rm -rf _build/.jupyter_cache _build/.doctrees
	@mkdir -p _build && touch $@

$(SITE): _config.yml _toc.yml $(PAGES) $(ASSETS) $(PAGE) _build/.helpers
	@echo "[3/3] Running the chapters and building the pages"
	@rm -rf $@ _build/html
	@$(if $(CI),$(OFFLINE)) $(BIN)/python tools/cache.py 2> >(grep -v IPKernelApp >&2)
	@set -o pipefail; $(if $(CI),$(OFFLINE)) $(BIN)/jupyter-book build --warningiserror --keep-going . 2>&1 | grep -v IPKernelApp
	@touch $@
