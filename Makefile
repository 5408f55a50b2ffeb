# `make` alone lists what there is. Every target calls `setup` when there is no virtual environment.
PYTHON ?= python3
BACKEND ?= cpu
BIN := .venv/bin
STAMP := .venv/.installed
# These are audited in full, with everything that training decides; all others in their structure.
FULL_AUDITS ?= conv-digits first-network
# AUDITS limits an audit to some assignments; CI_AUDITS_1 to 6 are the parts that CI runs in turn, 10 to 15 minutes each.
AUDITS ?= $(notdir $(wildcard assignments/[a-z]*))
SHORT_AUDITS ?= $(filter-out $(FULL_AUDITS),$(AUDITS))
CI_AUDITS_1 := mlp-digits
CI_AUDITS_2 := deep-conv-digits iris-classes
CI_AUDITS_3 := deep-digits surface-regression
CI_AUDITS_4 := conv-digits
CI_AUDITS_5 := cnn-challenge
CI_AUDITS_6 := first-network optimizer-search

# Backends of Keras other than TensorFlow that `make backends` audits with.
BACKENDS ?= jax

# How many edited notebooks of each assignment `make fairness` grades.
EDITED ?= 100
MODES ?= all
# Set: only the part of the attacks runs that the commit chooses (see tests/attacks/conftest.py), for CI.
ROTATE ?=
# A file's tests stay in one process: they share its warm process. One more than there are cores, for tests that wait.
WORKERS ?= --numprocesses $(shell expr $$(nproc) + 1) --dist loadfile

# Where it is set, every process that a test starts compiles the whole package again, and every worker all tests.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup demo check test docs full container lint types audit backends attacks faults fairness platforms bench release lock clean

help:  ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

$(STAMP): pyproject.toml requirements.lock
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --constraint requirements.lock --editable '.[$(BACKEND),dev,docs,platforms,student,cluster,serve]'
	@touch $@

setup: $(STAMP)  ## make the virtual environment .venv with the locked versions

demo: $(STAMP)  ## release, collect, grade a class of variants and write feedback, all into demo/
	$(BIN)/autograder demo

lint: $(STAMP)
	$(BIN)/ruff check .

types: $(STAMP)
	$(BIN)/mypy
	$(BIN)/mypy docs/generate.py docs/conf.py

check: lint types  ## lint, types and the quick tests (under two minutes on two cores)
	$(BIN)/python -m pytest -m "not slow" $(WORKERS)

test: check  ## lint, types and all tests but those of `make container` and `make attacks`
	$(BIN)/python -m pytest -m "slow and alone and not container" --deselect tests/attacks/test_corpus.py \
		--deselect tests/attacks/test_corpus_real.py
	$(BIN)/python -m pytest -m "slow and not alone and not container" --numprocesses $(shell nproc) --dist loadfile

docs: $(STAMP)  ## write the generated pages, then build docs/ into build/docs; a warning is an error
	$(BIN)/python docs/generate.py
	$(BIN)/python -m sphinx -q -E -a -W -n --keep-going -b html docs build/docs

container: $(STAMP)  ## build the image of the autograder container and test it (podman, runc and debootstrap, as root)
	$(BIN)/python -m pytest -m container

audit: $(STAMP)  ## which hidden check catches which mistake: two assignments in full, the structure of all others
	$(if $(SHORT_AUDITS),$(BIN)/autograder audit --short $(SHORT_AUDITS))
	$(if $(filter $(AUDITS),$(FULL_AUDITS)),$(BIN)/autograder audit $(if $(AUTOGRADER_DATA),,--stand-in) $(filter $(AUDITS),$(FULL_AUDITS)))

ci-audit-%: $(STAMP)
	$(MAKE) audit AUDITS="$(CI_AUDITS_$*)"

backends: $(STAMP)  ## the structure of every assignment with other backends of Keras (hours)
	for backend in $(BACKENDS); do \
		$(BIN)/python -m pip install --quiet --constraint requirements.lock --editable ".[$$backend]" && \
		KERAS_BACKEND=$$backend $(BIN)/autograder audit --short $(AUDITS) || exit 1; \
	done

fairness: $(STAMP)  ## notebooks like students': grader and person compared; edited notebooks and forms at length (EDITED=0: without these)
	$(BIN)/python -m tests.real
	$(if $(filter 0,$(EDITED)),,AUTOGRADER_EDITED=$(EDITED) $(BIN)/python -m pytest tests/fairness)

platforms: $(STAMP)  ## the same work by `autograder grade`, by `otter run` and in Gradescope's layout: a table of points (hours)
	$(BIN)/python -m tests.platforms

full: test attacks container fairness platforms backends  ## everything: all tests, all modes of the attacks, the container, every audit in full (hours)
	$(BIN)/autograder demo
	$(BIN)/autograder audit $(if $(AUTOGRADER_DATA),,--stand-in)
	$(BIN)/python -m benchmarks.faults

attacks: $(STAMP)  ## the attack corpus in every isolation mode of this machine (MODES=full,restricted: in these; ROTATE=1: the part that the commit chooses)
	$(BIN)/python -m pytest --modes=$(MODES) $(if $(ROTATE),--rotate) tests/attacks

faults: $(STAMP)  ## break a batch of 40 in every way of docs/operating/faults.md and check what is left
	$(BIN)/python -m benchmarks.faults

bench: $(STAMP)  ## throughput compared with nbgrader, overhead, memory: tables on the terminal
	$(BIN)/python -m benchmarks.run

release: $(STAMP)  ## generate release/ from assignments/, with proof
	$(BIN)/autograder release

lock: $(STAMP)  ## write requirements.lock from the packages in .venv
	$(BIN)/python -m pip freeze --exclude-editable --exclude keras-autograder | grep -v ' @ ' > requirements.lock

clean:  ## remove demo/, the built documentation and caches; submissions and grades of a course are never touched
	rm -rf demo build/docs .cache .pytest_cache .mypy_cache .ruff_cache
