#!/usr/bin/env python3
"""Writes README.md, tuning.md and runs.md in docs/results from their templates and the recorded runs.

    python3 bench/results.py [DIRECTORY]

DIRECTORY is the directory of the pages (default docs/results). The {…} in a template are Python format fields. Their
values are computed from the recorded files, see `template_values`. If a section ("## …") needs a run that is not
recorded, the page names that run instead of showing the section.
Requires only Python's standard library.
"""
import csv
import json
import re
import statistics
import string
import sys
from pathlib import Path
from types import SimpleNamespace

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "docs" / "results"
CLASSIFIER = json.loads((ROOT / "src/main/resources/org/sparkvae/evaluation/mnist-classifier.json").read_text())
TEMPLATES = {"README.md": "bench/results.template.md", "tuning.md": "bench/tuning.template.md",
             "runs.md": "bench/runs.template.md"}
# Every trial, and how its settings differ from Model 1's.
TRIALS = {"0.02-0-1": "λ 0.02", "0.1-0-1": "λ 0.1", "0.5-0-1": "λ 0.5, as Model 1", "2-0-1": "λ 2",
          "0.5-5-1": "KL warm-up 5", "0.5-0-0.8-0.003": "learning rate 0.003, decay 0.8"}


class MissingRunError(Exception):
    """A run that has no recorded files."""


class Run:
    """The recorded files of a run. run[7] is epoch 7 of its history."""

    def __init__(self, name):
        self.name = name
        self.epochs = {int(row["epoch"]): SimpleNamespace(**{key: float(value) for key, value in row.items()})
                       for row in read_csv(f"{name}/history.csv")}
        for epoch in self.epochs.values():
            epoch.test_loss = epoch.test_bce + epoch.test_reg_term
        self.last = self.epochs[max(self.epochs)]
        self.minutes = sum(epoch.seconds for epoch in self.epochs.values()) / 60
        self.metrics = json.loads(read_if_exists(f"{name}/evaluation.json") or "{}")
        self.settings = dict(re.findall(r"^([\w-]+): *(\S+)", read_if_exists(f"{name}/config.yaml"), re.MULTILINE))
        self.sha256 = read_if_exists(f"{name}/model.sha256").split(" ")[0]
        self.provenance = json.loads(read_if_exists(f"{name}/provenance.json")
                                     or read_if_exists(f"{name}/history.json"))
        self.evaluation = self.provenance.get("evaluation", {})
        self.has_classifier_of_jar = self.evaluation.get("classifier_weights_sha256") == CLASSIFIER["weights_sha256"]
        self.classifier = ("the classifier in the jar" if self.has_classifier_of_jar
                           else "a classifier from another training")
        # Earlier versions did not record the number. They evaluated the first 10,000 images.
        self.evaluated_images = int(self.metrics.get("images_per_split", 10000))
        self.evaluated = "the first " * ("images_per_split" not in self.metrics) + f"{self.evaluated_images:,}"

    def __getitem__(self, epoch):
        return self.epochs[int(epoch)]


def read_if_exists(path):
    return (RESULTS / path).read_text() if (RESULTS / path).exists() else ""


def read_csv(path):
    if not (RESULTS / path).exists():
        raise MissingRunError(path.split("/")[0])
    return list(csv.DictReader((RESULTS / path).open()))


def markdown_table(header, rows):
    return "\n".join("| " + " | ".join(row) + " |" for row in [header, ["---"] * len(header), *rows])


def reference_table1():
    """Returns Table 1 of the reference report: epoch to loss and regularization term."""
    return {int(row["epoch"]): (float(row["train_loss"]), float(row["train_reg_term"]))
            for row in read_csv("reference-table1.csv")}


def percent_difference(value, base):
    """Returns the relative difference with a sign, or 0.0% if it rounds to that."""
    difference = f"{value / base - 1:+.1%}"
    return "0.0%" if difference[1:] == "0.0%" else difference


def comparison_with_reference(model1, epochs):
    """Returns a table of some epochs beside the rows of the reference's Table 1."""
    rows, reference = [], reference_table1()
    for epoch in epochs:
        ours = model1[epoch]
        loss, term = [f"{value:.4f}" for value in reference[epoch]] if epoch in reference else ["", ""]
        rows.append([str(epoch), f"{ours.train_loss_last:.4f}", loss, f"{ours.reg_term_last:.4f}", term,
                     f"{ours.train_loss_mean:.4f}", f"{ours.test_loss:.4f}"])
    return markdown_table(["epoch", "last-minibatch loss", "reference", "last-minibatch regularization term",
                           "reference", "mean loss", "test loss"], rows)


def comparison_with_pytorch(model1, pytorch):
    rows = [[str(epoch), *(f"{value:.4f}" for value in (
        ours.train_loss_last, theirs.train_loss_last, ours.train_loss_mean, theirs.train_loss_mean))]
        + [percent_difference(ours.train_loss_mean, theirs.train_loss_mean), f"{ours.test_loss:.4f}",
           f"{theirs.test_loss:.4f}", percent_difference(ours.test_loss, theirs.test_loss)]
        for epoch, theirs in pytorch.epochs.items() for ours in [model1[epoch]]]
    return markdown_table(["epoch", "last-minibatch loss", "PyTorch", "mean loss", "PyTorch", "difference",
                           "test loss", "PyTorch", "difference"], rows)


def pytorch_differences(model1, pytorch):
    """Returns the relative difference of the mean loss: in epoch 1 in words, and the largest of the later epochs."""
    differences = [model1[epoch].train_loss_mean / pytorch[epoch].train_loss_mean - 1
                   for epoch in sorted(pytorch.epochs)]
    return SimpleNamespace(first=f"{abs(differences[0]):.1%} {'higher' if differences[0] > 0 else 'lower'}",
                           later=max(map(abs, differences[1:])), last_epoch=max(pytorch.epochs))


def loss_criterion(model1):
    reference = reference_table1()
    closest = max(reference, key=lambda epoch: model1[epoch].train_loss_last / reference[epoch][0])
    ours, (theirs, _) = model1[closest].train_loss_last, reference[closest]
    yield [f"last-minibatch loss, {len(reference)} rows of the reference's Table 1", "at most the reference's",
           f"in every row at most {ours / theirs:.1%} of the reference's (epoch {closest}: {ours:.4f} vs {theirs:.4f})",
           ours <= theirs]


def pytorch_criteria(model1, pytorch):
    for epoch, tolerance in ((1, 10), (2, 10), (5, 4), (10, 3)):
        difference = model1[epoch].train_loss_mean / pytorch[epoch].train_loss_mean - 1
        yield [f"mean loss, epoch {epoch}", f"within {tolerance}% of PyTorch's, with equal initial biases",
               percent_difference(model1[epoch].train_loss_mean, pytorch[epoch].train_loss_mean),
               abs(difference) <= tolerance / 100]


def classifier_criterion(model1):
    accuracy = model1.metrics["test.classifier_accuracy"]
    error = (accuracy * (1 - accuracy) / model1.evaluated_images) ** 0.5
    yield ["classifier accuracy, test reconstructions", "at least 98%", f"{accuracy:.2%}, standard error {error:.2%}",
           accuracy >= 0.98]


def reconstruction_criteria(model1):
    counts = {row["split"]: {key: int(value) for key, value in row.items() if key != "split"}
              for row in read_csv(f"{model1.name}/reconstruction-counts.csv")}
    for split, name, images in (("train", "training", 60000), ("test", "test", 10000)):
        found = counts.get(split, {"rows": 0, "images": 0})
        yield [f"{name} reconstructions in Parquet", f"{images:,}, each image once",
               f"{found['rows']:,} rows of {found['images']:,} images",
               found == {"rows": images, "images": images, "first_id": 0, "last_id": images - 1}]


def criteria():
    """Returns the table of acceptance criteria, and how many of them are met."""
    rows, met = [], 0
    for criterion, names in ((loss_criterion, ["model1"]), (pytorch_criteria, ["model1", "pytorch"]),
                             (classifier_criterion, ["model1"]), (reconstruction_criteria, ["model1"])):
        try:
            for *row, is_met in criterion(*map(Run, names)):
                rows.append([*row, "yes" if is_met else "**no**"])
                met += is_met
        except MissingRunError as e:
            rows.append([f"{criterion.__name__.replace('_', ' ')}: run {e} is missing", "", "", ""])
    return SimpleNamespace(table=markdown_table(["criterion", "required", "measured", "met"], rows), met=met,
                           count=len(rows))


def bias_comparison(*runs):
    """Returns a table of losses after one and two epochs, by initial biases."""
    return markdown_table(
        ["implementation", "initial biases", "mean loss, epoch 1", "mean loss, epoch 2",
         "last-minibatch loss, epoch 1", "run"],
        [[implementation, biases, f"{run[1].train_loss_mean:.4f}",
          f"{run[2].train_loss_mean:.4f}" if 2 in run.epochs else "", f"{run[1].train_loss_last:.4f}", link(run)]
         for run, implementation, biases in runs])


def link(run, label=None):
    return f"[{label or run.name}]({run.name})"


def figures(runs, file, description):
    """Returns a table with a column per run that shows a figure of the run. `runs` maps labels to runs."""
    return markdown_table([*runs], [[f"![{description}, {label}]({run.name}/figures/{file}.png)"
                                     for label, run in runs.items()]])


def model2_variants(runs):
    """Returns a table of Model 2 and of variants that change one thing each, and a table of their reconstructions."""
    rows = []
    for label, run in runs.items():
        channels = int(run.settings["latent-channels"])
        rows.append([link(run, label), str(channels), run.settings["dropout"], run.settings["lambda"],
                     f"{run.metrics['beta']:.2f}", f"{run.metrics['test.bce_nats_per_pixel']:.4f}",
                     f"{run.metrics['test.kl_nats_per_image']:.1f}",
                     f"{run.metrics['test.active_units']:.0f} of {28 * channels}",
                     f"{run.metrics['test.classifier_accuracy']:.1%}"])
    return SimpleNamespace(
        table=markdown_table(
            ["run", "latent channels", "dropout", "λ", "β", "test cross-entropy, nats per pixel",
             "KL divergence, nats per image", "active units", "classifier accuracy"], rows),
        figures=figures(runs, "figure4-reconstructions", "Reconstructions"))


def regularization(model1):
    """Returns where the term is highest, by this run's epoch means and by the reference's last minibatches.

    The table compares the last epochs, because the reference's column may or may not include λ = 0.5.
    """
    reference = reference_table1()
    highest = max(model1.epochs, key=lambda epoch: model1[epoch].reg_term_mean)
    reference_highest = max(reference, key=lambda epoch: reference[epoch][1])
    last = max(reference)
    loss, term = reference[last]
    table = markdown_table(
        ["last minibatch", f"Model 1, epoch {max(model1.epochs)}", f"reference, row {last}, if its term includes λ",
         "if it does not"],
        [["regularization term, including λ", f"{model1.last.reg_term_last:.4f}", f"{term:.4f}",
          f"0.5 · {term:.4f} = {term / 2:.4f}"],
         ["cross-entropy", f"{model1.last.bce_last:.4f}", f"{loss:.4f} − {term:.4f} = {loss - term:.3f}",
          f"{loss:.4f} − {term / 2:.4f} = {loss - term / 2:.3f}"]])
    return SimpleNamespace(highest_epoch=highest, highest=model1[highest].reg_term_mean, table=table,
                           reference_highest_epoch=reference_highest, reference_highest=reference[reference_highest][1],
                           reference_last_epoch=last, reference_last=term)


def sample_quality(run):
    """Returns a table of the metrics of generated images."""
    rows = [[label, *(f"{run.metrics[f'{source}.{name}']:.{digits}f}" for name, digits in (
        ("frechet_distance", 1), ("inception_score", 2), ("precision", 2), ("recall", 2),
        ("classifier_confidence", 2)))]
        for source, label in (("prior", "prior"), ("posterior_mixture", "posterior mixture"))]
    rows.append(["none: training images, for comparison", f"{run.metrics['floor.frechet_distance']:.1f}", *[""] * 4])
    return markdown_table(["source of z", "Fréchet distance", "inception score", "precision", "recall",
                           "classifier confidence"], rows)


def lowest_test_loss(model1):
    return min(model1.epochs.items(), key=lambda item: item[1].test_loss)


def fluctuations(model1, epochs=range(10, 50)):
    """Returns how often each loss rises from one epoch to the next, and its standard deviation.

    The standard deviation of v(e) is estimated as that of v(e) − (v(e − 1) + v(e + 1)) / 2, divided by √1.5.
    The two are equal if epochs are independent.
    """
    def measure(name):
        values = {epoch: getattr(model1[epoch], name) for epoch in (epochs[0] - 1, *epochs, epochs[-1] + 1)}
        deviations = [values[epoch] - (values[epoch - 1] + values[epoch + 1]) / 2 for epoch in epochs]
        return SimpleNamespace(deviation=statistics.stdev(deviations) / 1.5**0.5,
                               rises=sum(values[epoch] > values[epoch - 1] for epoch in epochs))

    last, mean, test = measure("train_loss_last"), measure("train_loss_mean"), measure("test_loss")
    return SimpleNamespace(first_epoch=epochs[0], last_epoch=epochs[-1], epochs=len(epochs), last=last, mean=mean,
                           test=test, ratio=last.deviation / test.deviation)


def seeds(runs):
    def summarize(name):
        losses = sorted(getattr(run[1], name) for run in runs)
        return SimpleNamespace(lowest=losses[0], highest=losses[-1], median=statistics.median(losses),
                               at_most_reference=sum(loss <= reference_table1()[1][0] for loss in losses))

    return SimpleNamespace(count=len(runs), last=summarize("train_loss_last"), mean=summarize("train_loss_mean"),
                           test=summarize("test_loss"))


def trainer_comparison(*runs):
    """Returns a table of the losses of ten epochs, relative to the first run, and of the seconds per epoch."""
    base, rows = runs[0][0], []
    for run, description in runs:
        seconds = statistics.median(run[epoch].seconds for epoch in range(1, 11))
        rows.append([description, *(f"{run[epoch].train_loss_mean:.4f}" for epoch in (1, 2, 5, 10)),
                     f"{run[10].test_loss:.4f}", percent_difference(run[10].test_loss, base[10].test_loss),
                     f"{seconds:.0f}"])
    return markdown_table(["trainer", "mean loss, epoch 1", "epoch 2", "epoch 5", "epoch 10", "test loss, epoch 10",
                           "difference from `local`", "seconds per epoch, median"], rows)


def precision_losses(pairs):
    """Returns a table of how much the test loss in bfloat16 differs from that in single precision, by epoch and seed.

    `pairs` maps a seed to its runs in single precision and in bfloat16.
    """
    return markdown_table(
        ["epoch", *(f"seed {seed}" for seed in pairs)],
        [[str(epoch), *(percent_difference(bfloat16[epoch].test_loss, float32[epoch].test_loss)
                        for float32, bfloat16 in pairs.values())] for epoch in range(1, 11)])


def precision_metrics(pairs):
    """Returns a table of the lowest and the highest metrics over the seeds in each precision."""
    def extremes(runs, name, spec):
        values = [run.metrics[name] for run in runs]
        return f"{min(values):{spec}} to {max(values):{spec}}"

    return markdown_table(["metric", "float32", "bfloat16"], [
        [label, *(extremes(runs, name, spec) for runs in zip(*pairs.values()))]
        for label, name, spec in PRECISION_METRICS])


def first_epoch_at_most(run, name, limit):
    """Returns the first epoch whose loss is at most the limit, or None."""
    return next((epoch for epoch in sorted(run.epochs) if getattr(run[epoch], name) <= limit), None)


def two_executors(run, base):
    """Returns the test loss of a run after ten epochs, and the first epoch in which another run reaches it."""
    epoch = first_epoch_at_most(base, "test_loss", run[10].test_loss)
    return SimpleNamespace(difference=run[10].test_loss / base[10].test_loss - 1, test_loss=run[10].test_loss,
                           local_epoch=epoch, local_test_loss=base[epoch].test_loss)


QUALITY_METRICS = (
    ("test cross-entropy, nats per pixel", "test.bce_nats_per_pixel", ".4f"),
    ("KL divergence, nats per image", "test.kl_nats_per_image", ".0f"),
    ("ELBO, nats per image", "test.elbo_nats_per_image", ".0f"),
    ("classifier accuracy", "test.classifier_accuracy", ".1%"),
    ("Fréchet distance, test reconstructions", "test.frechet_distance", ".0f"),
    ("Fréchet distance, prior", "prior.frechet_distance", ".0f"),
    ("Fréchet distance, posterior mixture", "posterior_mixture.frechet_distance", ".0f"),
    ("recall, posterior mixture", "posterior_mixture.recall", ".2f"),
    ("classifier confidence, posterior mixture", "posterior_mixture.classifier_confidence", ".2f"))
PRECISION_METRICS = (
    ("test cross-entropy, nats per pixel", "test.bce_nats_per_pixel", ".4f"),
    ("ELBO, nats per image", "test.elbo_nats_per_image", ".1f"),
    ("classifier accuracy, test reconstructions", "test.classifier_accuracy", ".2%"),
    ("Fréchet distance, test reconstructions", "test.frechet_distance", ".1f"),
    ("Fréchet distance, prior", "prior.frechet_distance", ".0f"),
    ("Fréchet distance, posterior mixture", "posterior_mixture.frechet_distance", ".0f"),
    ("classifier confidence, posterior mixture", "posterior_mixture.classifier_confidence", ".3f"))
MIXTURE_METRICS = (
    ("precision, posterior mixture", "posterior_mixture.precision", ".2f"),
    ("inception score, posterior mixture", "posterior_mixture.inception_score", ".2f"))


def metric_rows(runs, metrics):
    return [[label, *(format(run.metrics[name], spec) for run in runs)] for label, name, spec in metrics]


def trial_comparison(runs):
    """Returns a table with a column per trial: its metrics and its generated images. `runs` maps labels to runs."""
    return markdown_table(
        ["", *(link(run, label) for label, run in runs.items())],
        [["β", *(f"{run.metrics['beta']:.3f}" for run in runs.values())], *metric_rows(runs.values(), QUALITY_METRICS),
         ["images from the posterior mixture", *(
             f"![Images from the posterior mixture, {label}]({run.name}/figures/posterior-mixture-draws.png)"
             for label, run in runs.items())]])


def tuned_comparison(runs):
    """Returns a table with a column per run. It has no losses, because the runs weight the loss terms differently."""
    return markdown_table(
        ["", *(link(run, label) for label, run in runs.items())],
        [["epochs", *(str(max(run.epochs)) for run in runs.values())],
         ["active units", *(f"{run.metrics['test.active_units']:.0f}" for run in runs.values())],
         *metric_rows(runs.values(), QUALITY_METRICS + MIXTURE_METRICS)])


def distances_to_floor(base, run, floor):
    """Returns how far two runs end above the lowest floor found, and when one passes the other's final value."""
    def distance(run):
        return run.metrics["test.bce_nats_per_pixel"] - floor.lowest["nonnegative"]

    return SimpleNamespace(base=distance(base), run=distance(run),
                           epoch=first_epoch_at_most(run, "test_bce", base.last.test_bce))


def run_list():
    """Returns a table of all recorded runs with the commits that trained and evaluated them."""
    rows = []
    for path in sorted(RESULTS.glob("[!_]*/history.csv")):
        run = Run(path.parent.name)
        versions, evaluation = run.provenance.get("versions", {}), run.evaluation
        rows.append([link(run),
                     f"`{versions['git_commit'][:10]}`" if versions else f"PyTorch {run.provenance['torch']}",
                     f"`{evaluation['git_commit'][:10]}`" if evaluation else "",
                     f"`{evaluation['classifier_weights_sha256'][:8]}`" + " (jar)" * run.has_classifier_of_jar
                     if evaluation else "",
                     run.evaluated if evaluation else "",
                     f"`{run.sha256[:12]}…`" if run.sha256 else "", f"{run.minutes:.0f}"])
    return markdown_table(["run", "trained with commit", "evaluated with commit", "classifier, SHA-256",
                           "evaluated images per split", "model, SHA-256", "minutes of training"], rows)


def floor():
    """Returns the lowest fit of each kind in nats per pixel, and how far the other fits are above it."""
    if not (found := json.loads(read_if_exists("floor.json") or "{}")):
        raise MissingRunError("floor")
    fits = {kind: [losses[-1] for losses in found[kind]] for kind in ("any", "nonnegative")}
    pattern_share = found["laid_out_as_digits"]
    return SimpleNamespace(entropy=found["entropy_floor"], pattern_share=pattern_share,
                           largest_digit_share=0.4**2 * 0.6**3 / pattern_share,
                           lowest={kind: min(values) for kind, values in fits.items()},
                           spread={kind: max(values) - min(values) for kind, values in fits.items()})


def template_values():
    """Returns a function per value that the template can name."""
    def run(name):
        return lambda: Run(name)

    def precision_pairs():
        return {seed: (Run(f"float32-{seed}"), Run(f"bfloat16-{seed}")) for seed in range(42, 45)}

    def trials():
        return {name: Run(f"trial-{name}") for name in TRIALS}

    model1, model2, pytorch = run("model1"), run("model2"), run("pytorch")
    model1_tuned, from_zero = run("model1-tuned"), run("from-zero")
    chosen_biases = "output layer -1/√3, others 0"
    variants = {"Model 2": "unchanged", "256 channels, same β": "width", "dropout 0.01": "dropout",
                "β of Model 1": "weighting"}
    return {
        "model1": model1,
        "model2": model2,
        "model1_tuned": model1_tuned,
        "model2_unchanged": run("model2-unchanged"),
        "model2_width": run("model2-width"),
        "model2_weighting": run("model2-weighting"),
        "from_zero": from_zero,
        "pytorch": pytorch,
        "trial": trials,
        "reference": lambda: {epoch: loss for epoch, (loss, _) in reference_table1().items()},
        "criteria": criteria,
        "first_and_last_epochs": lambda: comparison_with_reference(model1(), (1, 3, 5, 11, 25, 49, 50)),
        "all_epochs": lambda: comparison_with_reference(
            model1(), sorted({*reference_table1(), 2, 10, 20, 30, 40, 50})),
        "comparison_with_pytorch": lambda: comparison_with_pytorch(model1(), pytorch()),
        "pytorch_differences": lambda: pytorch_differences(model1(), pytorch()),
        "bias_comparison": lambda: bias_comparison(
            (model1(), "spark-vae", chosen_biases), (from_zero(), "spark-vae, commit 437c8a6", "all 0"),
            (pytorch(), "PyTorch", chosen_biases), (Run("pytorch-zero"), "PyTorch", "all 0"),
            (Run("pytorch-biases"), "PyTorch", "PyTorch's default, uniform around 0")),
        "seeds": lambda: seeds([Run(f"seed-{seed}") for seed in range(42, 50)]),
        "fluctuations": lambda: fluctuations(model1()),
        "regularization": lambda: regularization(model1()),
        "lowest_test_loss": lambda: lowest_test_loss(model1()),
        "sample_quality": lambda: sample_quality(model1()),
        "floor": floor,
        "model2_variants": lambda: model2_variants(
            {label: Run(f"model2-{name}") for label, name in variants.items()}),
        "trainer_comparison": lambda: trainer_comparison(
            (Run("model1-local"), "`local`"), (Run("model1-shared"), "`shared`, one executor"),
            (Run("model1-two-executors"), "`shared`, two executors")),
        "precision_losses": lambda: precision_losses(precision_pairs()),
        "precision_metrics": lambda: precision_metrics(precision_pairs()),
        "two_executors": lambda: two_executors(Run("model1-two-executors"), Run("model1-local")),
        "trial_comparison": lambda: trial_comparison({TRIALS[name]: trial for name, trial in trials().items()}),
        "tuned_comparison": lambda: tuned_comparison({"Model 1": model1(), "tuned": model1_tuned()}),
        "distances_to_floor": lambda: distances_to_floor(model1(), model1_tuned(), floor()),
        "run_list": run_list,
    }


class LazyFormatter(string.Formatter):
    """A formatter that computes each value once, when a field first names it."""

    def __init__(self, suppliers):
        self.suppliers, self.values = suppliers, {}

    def get_value(self, key, args, kwargs):
        if key not in self.values:
            self.values[key] = self.suppliers[key]()
        return self.values[key]


def require_equal_evaluations():
    """Fails if the runs were evaluated with different classifier versions or metric definitions."""
    versions = {path.parent.name: tuple(provenance["evaluation"][key] for key in ("classifier_version", "definitions"))
                for path in sorted(RESULTS.glob("[!_]*/provenance.json"))
                if "evaluation" in (provenance := json.loads(path.read_text()))}
    if len({*versions.values()}) > 1:
        sys.exit("docs/results: the runs were evaluated with different (classifier version, metric definitions): "
                 f"{versions}. Evaluate the older runs again.")


def typeset(text):
    """Puts a space before percent signs, which Python's percent format omits, and writes minus signs."""
    return re.sub(r"(?<![\w-])-(?=\d)", "−", re.sub(r"(?<=\d)%", " %", text))


def write_page(template, output, formatter):
    page = []
    for section in re.split(r"(?m)^(?=## )", (ROOT / template).read_text()):
        try:
            page.append(typeset(formatter.format(section)))
        except MissingRunError as e:
            heading = section.splitlines()[0]
            page.append(f"{heading}\n\nThis section needs a run that is not recorded yet: `bench/results {e}`.\n\n")
            print(f"{heading[3:]}: run {e} is not recorded. Run bench/results {e}.")
    temporary = output.with_name("_" + output.name)
    temporary.write_text("".join(page))
    temporary.replace(output)


def main():
    require_equal_evaluations()
    formatter = LazyFormatter(template_values())
    directory = Path(sys.argv[1]) if len(sys.argv) > 1 else RESULTS
    for page, template in TEMPLATES.items():
        write_page(template, directory / page, formatter)


if __name__ == "__main__":
    main()
