#!/usr/bin/env python3
"""Writes docs/results/README.md from bench/results.template.md and what stands in docs/results.

    python3 bench/results.py [PAGE]

The template's {…} are Python's format fields over the values below, so that what was measured comes from a file beside the
page. A section, from one "## " to the next, that asks for a run which is not there yet says so instead. Needs nothing but Python.
"""
import csv
import json
import re
import statistics
import string
import sys
from pathlib import Path
from types import SimpleNamespace

HOME = Path(__file__).resolve().parent.parent
RESULTS = HOME / "docs" / "results"


class NotThere(Exception):
    """A run that bench/results has not trained yet."""


class Run:
    """What a run left in docs/results. run[7] is its epoch 7, run.metric its evaluation.json."""

    def __init__(self, name):
        self.name = name
        self.epochs = {int(row["epoch"]): SimpleNamespace(**{key: float(value) for key, value in row.items()})
                       for row in rows(f"{name}/history.csv")}
        for epoch in self.epochs.values():
            epoch.test_loss = epoch.test_bce + epoch.test_reg_term
        self.last = self.epochs[max(self.epochs)]
        self.minutes = sum(epoch.seconds for epoch in self.epochs.values()) / 60
        self.metric = json.loads(optional(f"{name}/evaluation.json") or "{}")
        self.settings = dict(re.findall(r"^([\w-]+): *(\S+)", optional(f"{name}/config.yaml"), re.MULTILINE))
        self.sha256 = optional(f"{name}/model.sha256").split(" ")[0]
        self.about = json.loads(optional(f"{name}/provenance.json") or optional(f"{name}/history.json"))

    def __getitem__(self, epoch):
        return self.epochs[int(epoch)]


def optional(path):
    return (RESULTS / path).read_text() if (RESULTS / path).exists() else ""


def rows(path):
    if not (RESULTS / path).exists():
        raise NotThere(path.split("/")[0])
    return list(csv.DictReader((RESULTS / path).open()))


def table(header, lines):
    return "\n".join("| " + " | ".join(line) + " |" for line in [header, ["---"] * len(header), *lines])


def report():
    """The report's Table 1: epoch to loss and regularisation term."""
    return {int(row["epoch"]): (float(row["train_loss"]), float(row["train_reg_term"]))
            for row in rows("report-table1.csv")}


def table1(model1):
    """Beside the report's epochs the second and the last."""
    lines, theirs = [], report()
    for epoch in sorted({*theirs, 2, 50}):
        ours = model1[epoch]
        said = [f"{value:.4f}" for value in theirs[epoch]] if epoch in theirs else ["", ""]
        lines.append([str(epoch), *said, *(f"{value:.4f}" for value in (
            ours.train_loss_last, ours.reg_term_last, ours.train_loss_mean, ours.test_loss))])
    return table(["epoch", "the report's loss", "its regularisation term", "our loss, last", "our regularisation term, last",
                  "our loss, mean", "test"], lines)


def beside_pytorch(model1, pytorch):
    lines = [[str(epoch), *(f"{value:.4f}" for value in (
        ours.train_loss_last, peer.train_loss_last, ours.train_loss_mean, peer.train_loss_mean))]
        + [f"{ours.train_loss_mean / peer.train_loss_mean - 1:+.1%}", f"{ours.test_loss:.4f}", f"{peer.test_loss:.4f}",
           f"{ours.test_loss / peer.test_loss - 1:+.1%}"]
        for epoch, peer in pytorch.epochs.items() for ours in [model1[epoch]]]
    return table(["epoch", "last, ours", "PyTorch's", "mean, ours", "PyTorch's", "ours from PyTorch's", "test, ours", "PyTorch's",
                  "ours from PyTorch's"], lines)


def beside_report(model1):
    theirs = report()
    closest = max(theirs, key=lambda epoch: model1[epoch].train_loss_last / theirs[epoch][0])
    ours, (loss, _) = model1[closest].train_loss_last, theirs[closest]
    yield [f"loss, last, at the {len(theirs)} epochs of Table 1", "at or under the report's",
           f"at most {ours / loss:.1%} of it: {ours:.4f} for {loss:.4f} at epoch {closest}", ours <= loss]


def near_pytorch(model1, pytorch):
    for epoch, most in ((1, 10), (2, 10), (5, 4), (10, 3)):
        ratio = model1[epoch].train_loss_mean / pytorch[epoch].train_loss_mean - 1
        yield [f"loss, mean, epoch {epoch}", f"within {most} % of PyTorch's, with our biases", f"{ratio:+.1%}", abs(ratio) <= most / 100]


def readable(model1):
    accuracy = model1.metric["test.classifier_accuracy"]
    # Of the first 10,000 images.
    error = (accuracy * (1 - accuracy) / 10000) ** 0.5
    yield ["classifier's accuracy on test reconstructions", "98 %", f"{accuracy:.2%}, standard error {error:.2%}", accuracy >= 0.98]


def counted(model1):
    found = {row["split"]: {key: int(value) for key, value in row.items() if key != "split"}
             for row in rows(f"{model1.name}/counted.csv")}
    for split, images in (("train", 60000), ("test", 10000)):
        was = found.get(split, {"rows": 0, "images": 0})
        yield [f"reconstructions of {split} images, counted in Parquet", f"{images:,}, each once",
               f"{was['rows']:,} rows of {was['images']:,} images",
               was == {"rows": images, "images": images, "first_id": 0, "last_id": images - 1}]


def asked():
    """What the page has to hold, and whether it does."""
    lines = []
    for part, names in ((beside_report, ["model1"]), (near_pytorch, ["model1", "pytorch"]), (readable, ["model1"]),
                        (counted, ["model1"])):
        try:
            lines += [[*line, "yes" if holds else "**no**"] for *line, holds in part(*map(Run, names))]
        except NotThere as e:
            lines.append([f"{part.__name__.replace('_', ' ')}: {e} is not there yet", "", "", ""])
    return table(["what", "asked", "measured", "holds"], lines)


def variants(*runs):
    """Model 2 and one change of it at a time."""
    lines = []
    for run, what in runs:
        width = int(run.settings["latent-channels"])
        lines.append([what, str(width), run.settings["dropout"], run.settings["lambda"], f"{run.metric['beta']:.2f}",
                      f"{run.metric['test.bce_nats_per_pixel']:.4f}", f"{run.metric['test.kl_nats_per_image']:.1f}",
                      f"{run.metric['test.active_units']:.0f} of {28 * width}",
                      f"{run.metric['test.classifier_accuracy']:.1%}", f"`bench/results {run.name}`"])
    return table(["", "width", "dropout", "λ", "β", "test cross-entropy, nats per pixel", "KL, nats per image",
                  "active units", "classifier", "command"], lines)


def regularisation(model1):
    """Where it is highest, ours by the epoch's mean, and the report's, which knows the last minibatch alone."""
    theirs = {epoch: term for epoch, (_, term) in report().items()}
    highest = max(model1.epochs, key=lambda epoch: model1[epoch].reg_term_mean)
    theirs_highest = max(theirs, key=theirs.get)
    last_loss, _ = report()[max(theirs)]
    return SimpleNamespace(highest=highest, most=model1[highest].reg_term_mean, theirs_highest=theirs_highest,
                           theirs_most=theirs[theirs_highest], theirs_last=theirs[max(theirs)],
                           theirs_least_bce=last_loss - theirs[max(theirs)])


def draws(run):
    """How near draws come to test images."""
    lines = [[what, *(f"{run.metric[f'{kind}.{name}']:.{digits}f}" for name, digits in (
        ("frechet_distance", 1), ("inception_score", 2), ("precision", 2), ("recall", 2), ("classifier_confidence", 2)))]
        for kind, what in (("prior", "prior"), ("posterior_mixture", "fitted mixture"))]
    lines.append(["training images themselves", f"{run.metric['floor.frechet_distance']:.1f}", *[""] * 4])
    return table(["draws from the", "Fréchet distance", "inception score", "precision", "recall", "classifier's confidence"], lines)


def least_test(model1):
    return min(model1.epochs.items(), key=lambda item: item[1].test_loss)


def overfitting(model1):
    return table(["epoch", "train, epoch's mean", "test"],
                 [[str(epoch), f"{model1[epoch].train_loss_mean:.4f}", f"{model1[epoch].test_loss:.4f}"]
                  for epoch in (1, 2, 5, 10, 20, 30, 40, 50)])


def fluctuations(model1, epochs=range(10, 50)):
    """What goes up and down from epoch to epoch: how often it rose, and how far it lies from its neighbours' middle.

    The standard deviation of v(e) − (v(e − 1) + v(e + 1)) / 2, over √1.5, is that of v itself if epochs are independent.
    """
    def of(name):
        values = {epoch: getattr(model1[epoch], name) for epoch in (epochs[0] - 1, *epochs, epochs[-1] + 1)}
        strays = [values[epoch] - (values[epoch - 1] + values[epoch + 1]) / 2 for epoch in epochs]
        return SimpleNamespace(stray=statistics.stdev(strays) / 1.5**0.5,
                               rises=sum(values[epoch] > values[epoch - 1] for epoch in epochs))

    last, mean, test = of("train_loss_last"), of("train_loss_mean"), of("test_loss")
    return SimpleNamespace(first=epochs[0], final=epochs[-1], of=len(epochs), last=last, mean=mean, test=test,
                           ratio=last.stray / test.stray)


def seeds(runs):
    def of(name):
        losses = sorted(getattr(run[1], name) for run in runs)
        return SimpleNamespace(least=losses[0], most=losses[-1], median=statistics.median(losses),
                               under=sum(loss <= report()[1][0] for loss in losses))

    return SimpleNamespace(count=len(runs), last=of("train_loss_last"), mean=of("train_loss_mean"), test=of("test_loss"))


def trainers(*runs):
    """Losses of the same ten epochs, each beside the first run's, and an epoch's seconds."""
    base, lines = runs[0][0], []
    for run, what in runs:
        seconds = statistics.median(run[epoch].seconds for epoch in range(1, 11))
        lines.append([what, *(f"{run[epoch].train_loss_mean:.4f}" for epoch in (1, 2, 5, 10)), f"{run[10].test_loss:.4f}",
                      f"{run[10].test_loss / base[10].test_loss - 1:+.1%}", f"{seconds:.0f}"])
    return table(["", "mean, epoch 1", "2", "5", "10", "test, epoch 10", "from `local`", "seconds an epoch, median"], lines)


def first(run, name, most):
    """The first epoch after which a loss is no higher than that; None if there is none."""
    return next((epoch for epoch in sorted(run.epochs) if getattr(run[epoch], name) <= most), None)


def catching_up(run, base):
    """The first epoch of another run whose test loss is no higher than one's after ten."""
    epoch = first(base, "test_loss", run[10].test_loss)
    return SimpleNamespace(epoch=epoch, theirs=run[10].test_loss, ours=base[epoch].test_loss)


def quality(run):
    """How near a run's reconstructions come, and how good its draws are."""
    return [f"{run.metric['test.bce_nats_per_pixel']:.4f}",
            *(f"{run.metric[f'test.{name}_nats_per_image']:.0f}" for name in ("kl", "elbo")),
            f"{run.metric['test.classifier_accuracy']:.1%}",
            *(f"{run.metric[f'{of}.frechet_distance']:.0f}" for of in ("test", "prior", "posterior_mixture")),
            *(f"{run.metric[f'posterior_mixture.{name}']:.2f}" for name in ("recall", "classifier_confidence"))]


QUALITY = ["test cross-entropy, nats per pixel", "KL, nats per image", "ELBO, nats per image", "classifier", "Fréchet distance of test reconstructions",
           "of draws from the prior", "of draws from the mixture", "their recall", "classifier's confidence in them"]


def trials(*runs):
    """Model 1 with other settings."""
    names = ("lambda", "kl-warmup-epochs", "learning-rate", "learning-rate-decay")
    return table(["λ", "warm-up", "learning rate", "its factor", "β", *QUALITY, "command"], [
        [*(run.settings[name] for name in names), f"{run.metric['beta']:.3f}", *quality(run), f"`bench/results {run.name}`"] for run in runs])


def tuned(*runs):
    """Two runs of all images beside each other, losses left out: each weighs its terms in its own way."""
    return table(["", "epochs", "active units", *QUALITY, "command"], [
        [what, str(max(run.epochs)), f"{run.metric['test.active_units']:.0f}", *quality(run), f"`bench/results {run.name}`"]
        for run, what in runs])


def towards_floor(base, run, floor):
    """How far above the lowest found either ends, in nats per pixel, and after which epoch one is first at or under the other's end."""
    def above(run):
        return run.metric["test.bce_nats_per_pixel"] - floor.least["nonnegative"]

    return SimpleNamespace(base=above(base), run=above(run), epoch=first(run, "test_bce", base.last.test_bce))


def all_runs():
    """What was said to have each trained, and by which code."""
    lines = []
    for path in sorted(RESULTS.glob("[!_]*/history.csv")):
        run = Run(path.parent.name)
        versions, judged = run.about.get("versions", {}), run.about.get("evaluation", {})
        lines.append([f"[{run.name}]({run.name})", f"`bench/results {run.name}`",
                      f"`{versions['git_commit'][:10]}`" if versions else f"PyTorch {run.about['torch']}",
                      f"`{judged['git_commit'][:10]}`" if judged else "",
                      f"`{judged['classifier_weights_sha256'][:8]}`" if judged else "",
                      f"`{run.sha256[:12]}…`" if run.sha256 else "", f"{run.minutes:.0f}"])
    return table(["run", "command", "trained by", "judged by", "with the classifier", "SHA-256 of its model", "minutes of training"], lines)


def floor():
    """The least of the starts, and how far the others are above it; nats per pixel."""
    if not (found := json.loads(optional("floor.json") or "{}")):
        raise NotThere("floor")
    ends = {kind: [start[-1] for start in found[kind]] for kind in ("any", "nonnegative")}
    return SimpleNamespace(**found, at_most_as_digits=0.4**2 * 0.6**3 / found["laid_out_as_digits"],
                           least={kind: min(values) for kind, values in ends.items()},
                           spread={kind: max(values) - min(values) for kind, values in ends.items()})


def values():
    """Everything that the template may ask for, made when it is asked."""
    def run(name):
        return lambda: Run(name)

    def trial():
        return {name: Run(f"trial-{name}") for name in ("0.02-0-1", "0.1-0-1", "0.5-0-1", "2-0-1", "0.5-5-1", "0.5-0-0.8-0.003")}

    model1, model2, pytorch = run("model1"), run("model2"), run("pytorch")
    return {
        "model1": model1, "model2": model2, "pytorch": pytorch, "pytorch_biases": run("pytorch-biases"),
        "pytorch_zero": run("pytorch-zero"), "from_zero": run("from-zero"),
        "model2_unchanged": run("model2-unchanged"), "model2_width": run("model2-width"),
        "model2_dropout": run("model2-dropout"), "model2_weighting": run("model2-weighting"),
        "report": lambda: {epoch: loss for epoch, (loss, _) in report().items()},
        "floor": floor,
        "runs": all_runs,
        "trial": trial,
        "trials": lambda: trials(*trial().values()),
        "model1_tuned": run("model1-tuned"),
        "towards_floor": lambda: towards_floor(model1(), Run("model1-tuned"), floor()),
        "tuned": lambda: tuned((model1(), "Model 1"), (Run("model1-tuned"), "tuned")),
        "asked": asked,
        "table1": lambda: table1(model1()),
        "beside_pytorch": lambda: beside_pytorch(model1(), pytorch()),
        "variants": lambda: variants(
            (Run("model2-unchanged"), "Model 2"), (Run("model2-width"), "as wide as Model 1, same β"),
            (Run("model2-dropout"), "with dropout"), (Run("model2-weighting"), "with Model 1's β")),
        "regularisation": lambda: regularisation(model1()),
        "draws": lambda: draws(model1()),
        "overfitting": lambda: overfitting(model1()),
        "least_test": lambda: least_test(model1()),
        "fluctuations": lambda: fluctuations(model1()),
        "seeds": lambda: seeds([Run(f"seed-{seed}") for seed in range(42, 50)]),
        "catching_up": lambda: catching_up(Run("model1-two-executors"), Run("model1-local")),
        "trainers": lambda: trainers((Run("model1-local"), "`local`"), (Run("model1-shared"), "`shared`, one worker"),
                                     (Run("model1-two-executors"), "`shared`, two executors")),
    }


class Asked(string.Formatter):
    """Looks values up by calling what makes them, once."""

    def __init__(self, makers):
        self.makers, self.made = makers, {}

    def get_value(self, key, args, kwargs):
        if key not in self.made:
            self.made[key] = self.makers[key]()
        return self.made[key]


def judged_alike():
    """Refuses to set figures of different versions of the classifier, or of different definitions, on one page."""
    judges = {path.parent.name: tuple(about["evaluation"][key] for key in ("classifier_version", "definitions"))
              for path in sorted(RESULTS.glob("[!_]*/provenance.json")) if "evaluation" in (about := json.loads(path.read_text()))}
    if len({*judges.values()}) > 1:
        sys.exit(f"results: judged by different versions of the classifier or definitions: {judges}; evaluate the older again")


def main():
    judged_alike()
    asked_for = Asked(values())
    parts = re.split(r"(?m)^(?=## )", (HOME / "bench/results.template.md").read_text())
    page = []
    for part in parts:
        try:
            page.append(asked_for.format(part))
        except NotThere as e:
            heading = part.splitlines()[0]
            page.append(f"{heading}\n\nNot there yet; the first run that it lacks is `bench/results {e}`.\n\n")
            print(f"{heading[3:]}: {e} is not there yet")
    written = Path(sys.argv[1] if len(sys.argv) > 1 else RESULTS / "README.md")
    part = written.with_name("_" + written.name)
    part.write_text("".join(page))
    part.replace(written)


if __name__ == "__main__":
    main()
