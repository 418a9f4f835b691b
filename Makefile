# make html, test, check, check-docs, livehtml, bench, fuzz, sweep, pdf, clean, distclean.
# Each target makes what it needs: a virtual environment in .venv, with pip and nothing else.

PYTHON ?= python3
LANGUAGES := en ja
# The language of livehtml: make livehtml SITE=ja
SITE ?= en
PYTEST ?=
FUZZ ?=

BIN := .venv/bin
RUN := $(BIN)/python
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard ext/ovs_capture/locale/*/LC_MESSAGES/*.po))
CODE := $(shell find ext -name '*.py' -o -name '*.toml' -o -name '*.po')
PIP := $(RUN) -m pip --disable-pip-version-check --quiet --no-input
ifeq ($(shell id -u),0)
PIP := PIP_ROOT_USER_ACTION=ignore $(PIP)
endif
SPHINX := $(RUN) -m sphinx -c . -W --keep-going -j auto -q

.PHONY: html test check check-docs livehtml bench fuzz sweep pdf clean distclean
.DELETE_ON_ERROR:

html: .venv/site $(CATALOGUES) build/doctrees/code
	@$(foreach l,$(LANGUAGES),echo "html: source/$l -> build/html/$l" && \
	    $(SPHINX) -b html -D language=$l -d build/doctrees/$l source/$l build/html/$l &&) true
	@cp source/index.html build/html/index.html
	@echo "html: open build/html/index.html"

test: .venv/dev $(CATALOGUES)
	$(RUN) -m pytest -q -n auto --dist loadgroup $(PYTEST)

check: .venv/dev $(CATALOGUES)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy
	$(RUN) -m pytest -q tests/test_layers.py
	$(RUN) tools/check_catalogues.py
	$(RUN) tools/generate_reference.py --check

check-docs: .venv/site $(CATALOGUES)
	$(RUN) tools/generate_reference.py --check

livehtml: .venv/site $(CATALOGUES) build/doctrees/code
	@$(BIN)/sphinx-autobuild -c . -b html -D language=$(SITE) -j auto -q \
	    --watch captures --watch ext --watch conf.py --watch source/_static \
	    --watch source/_templates --ignore '*.pyc' --ignore '*.mo' -d build/live/doctrees/$(SITE) \
	    source/$(SITE) build/live/$(SITE)

bench: .venv/dev $(CATALOGUES)
	$(RUN) tools/bench.py
	$(RUN) -m tools.bench_pages
	$(RUN) tools/bench_pictures.py
	$(RUN) tools/bench_site.py
	$(RUN) tools/bench_traces.py

fuzz: .venv/dev
	$(RUN) -m tools.fuzz $(FUZZ)

sweep: .venv/dev
	$(RUN) tools/sweep_pictures.py

pdf: .venv/site $(CATALOGUES)
	@command -v lualatex >/dev/null && command -v latexmk >/dev/null || { \
	    echo "make pdf needs lualatex and latexmk (on Debian: texlive-luatex," \
	         "texlive-latex-extra, texlive-lang-japanese, latexmk), which are not in PATH." >&2; \
	    exit 1; }
	@$(foreach l,$(LANGUAGES),echo "pdf: source/$l -> build/pdf/$l" && \
	    $(SPHINX) -b latex -D language=$l -d build/doctrees/pdf-$l source/$l build/pdf/$l && \
	    $(MAKE) --no-print-directory -C build/pdf/$l all-pdf LATEXMKOPTS=-silent &&) true

clean:
	rm -rf build ext/*.egg-info $(CATALOGUES)
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis

distclean: clean
	rm -rf .venv

# Sphinx sees a changed page or capture by itself, but not a changed extension.
build/doctrees/code: $(CODE)
	@rm -rf build/doctrees
	@mkdir -p build/doctrees
	@touch $@

# A catalogue that was edited is compiled again; setup.py does the same for a wheel.
%.mo: %.po | .venv/site
	@$(BIN)/pybabel --quiet compile --input-file=$< --output-file=$@ \
	    --locale=$(notdir $(patsubst %/LC_MESSAGES,%,$(patsubst %/,%,$(dir $<))))

.venv/base:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "ovs-capture needs Python 3.11 or newer; $(PYTHON) is older." \
	         "Name another: make PYTHON=python3.12 ..." >&2; exit 1; }
	@echo "set-up: .venv (once; takes a minute or two)"
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/site: .venv/base pyproject.toml setup.py constraints.txt
	@echo "set-up: ovs-capture and what the site needs"
	@$(PIP) install -c constraints.txt -e '.[site,graphs]'
	@touch $@

.venv/dev: .venv/site
	@echo "set-up: what checks and tests need"
	@$(PIP) install -c constraints.txt -e '.[site,graphs,dev]'
	@touch $@
