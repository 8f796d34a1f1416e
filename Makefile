# make demo       set up and run the shipped demo outbreak
# make test       set up and run the whole test suite
# make verify     measure on known truth whether this installation works; writes the validation
#                 record validation/validation.html
# make lint       format, style, types, workflow
# make benchmark  measure on simulated and, where it is at hand, on real data, beside the rivals
#                 that are installed; writes docs/validation.md and docs/performance.md
# make benchmark-tools  install those rivals (Debian packages, needs root)
# make soak      long tests: runs killed at random moments, registries, screens of hundreds of genomes
# make fuzz      feed damaged files to every reader for an hour each; FUZZ_SECONDS=60 READERS='panel config'
# make sbom      write and check the bill of materials; make audit looks up known advisories
# make validators  install the programs that check exports, so that their tests do not skip
# make clean      remove what runs and set-up made

SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt
VALIDATORS := .venv-validators
FUZZERS := .venv-fuzzers
SBOM := .venv-sbom
FUZZ_SECONDS ?= 3600
READERS ?=
CORES ?= 2
VERIFY ?=  # options of oneclone verify: VERIFY='--laboratory "Lab 1" --operator "A. B."'
BENCHMARK ?=  # options of tests/benchmarks/run.py: BENCHMARK='--only trees'

.PHONY: demo test verify lint format soak fuzz sbom audit benchmark benchmark-tools validators clean
.DELETE_ON_ERROR:

demo: $(VENV)/runtime.stamp
	@$(BIN)/snakemake --cores $(CORES)
	@$(BIN)/oneclone verdict
	@echo "make demo: success"

test: $(VENV)/development.stamp
	@$(BIN)/pytest --numprocesses $(CORES) --dist loadfile
	@echo "make test: success"

verify: $(VENV)/runtime.stamp
	@$(BIN)/oneclone verify validation --cores $(CORES) $(VERIFY)
	@echo "make verify: success"

lint: $(VENV)/development.stamp
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/pyright --pythonpath $(BIN)/python
	@$(BIN)/snakefmt --check Snakefile workflow
	@$(BIN)/snakemake --lint
	@echo "make lint: success"

format: $(VENV)/development.stamp
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .
	@$(BIN)/snakefmt Snakefile workflow

SOAKS := arrivals bombs faults kills registry_kills screen

soak: $(VENV)/development.stamp
	@for each in $(SOAKS); do echo "soak: $$each"; $(BIN)/python -m tests.soak.$$each || exit 1; done
	@echo "make soak: success"

fuzz: $(VENV)/development.stamp
	@$(PIP) --target $(FUZZERS) --upgrade --requirement tests/fuzzers.txt || echo "no atheris here"
	@PYTHONPATH=$(FUZZERS) $(BIN)/python -m tests.soak.fuzz $(READERS) --seconds $(FUZZ_SECONDS)

sbom: $(VENV)/development.stamp $(SBOM)/sbom.stamp
	@$(SBOM)/bin/cyclonedx-py environment $(BIN)/python --output-reproducible --spec-version 1.6 \
		--pyproject pyproject.toml --output-file $(SBOM)/environment.json
	@$(PIP) --dry-run --ignore-installed --report $(SBOM)/report.json --requirement requirements.txt
	@$(BIN)/python -m tests.documents.sbom $(SBOM)/environment.json $(SBOM)/report.json
	@$(SBOM)/bin/python tests/documents/check_sbom.py
	@echo "make sbom: success"

audit: $(SBOM)/sbom.stamp  # --strict: a package that no advisory service knows fails, not passes
	@$(SBOM)/bin/pip-audit --strict --disable-pip --no-deps --requirement constraints.txt

benchmark: $(VENV)/development.stamp
	@$(BIN)/python -m tests.benchmarks.run $(BENCHMARK)
	@echo "make benchmark: success"

benchmark-tools:
	apt-get update
	apt-get install --yes --no-install-recommends $$(cat tests/benchmarks/packages.txt)

validators: $(VALIDATORS)/validators.stamp

clean:
	rm -rf $(VENV) $(VALIDATORS) $(FUZZERS) $(SBOM) fuzzing results logs benchmarks .oneclone .snakemake

$(VENV)/python.stamp:
	@envs/make_venv.sh $(VENV)
	@touch $@

$(VENV)/runtime.stamp: $(VENV)/python.stamp requirements.txt constraints.txt pyproject.toml
	@echo "Installing the pinned packages into $(VENV) (a minute or two)"
	@$(PIP) --requirement requirements.txt
	@$(BIN)/python -m pip --disable-pip-version-check install --quiet --no-deps --editable .
	@touch $@

$(VENV)/development.stamp: $(VENV)/runtime.stamp requirements-dev.txt requirements-slurm.txt
	@echo "Installing the pinned development packages into $(VENV)"
	@$(PIP) --requirement requirements-dev.txt --requirement requirements-slurm.txt
	@touch $@

$(VALIDATORS)/validators.stamp: tests/validators.txt
	@echo "Installing the programs that check exports into $(VALIDATORS)"
	@envs/make_venv.sh $(VALIDATORS)
	@$(VALIDATORS)/bin/python -m pip --disable-pip-version-check install --quiet --requirement $<
	@touch $@

$(SBOM)/sbom.stamp: tests/sbom.txt
	@echo "Installing what writes the bill of materials into $(SBOM)"
	@envs/make_venv.sh $(SBOM)
	@$(SBOM)/bin/python -m pip --disable-pip-version-check install --quiet --requirement $<
	@touch $@
