package org.sparkvae.mnist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.sparkvae.mnist.IdxFixture.content;
import static org.sparkvae.mnist.IdxFixture.gzip;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.lang3.StringUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparkvae.exception.InputDataException;

class IdxFolderTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({"-idx,''", "-idx,.gz", ".idx,''", ".idx,.gz"})
  void acceptsEveryFileName(String infix, String suffix) throws IOException {
    for (ExpectedFile file : ExpectedFile.MNIST) {
      byte[] content = content(file.name());
      Files.write(
          directory.resolve(file.name().replace("-idx", infix) + suffix),
          suffix.isEmpty() ? content : gzip(content));
    }

    IdxSet set = new IdxFolder(directory).verify();

    assertThat(set.count(Split.TRAIN)).isEqualTo(IdxFixture.TRAIN_COUNT);
    assertThat(set.count(Split.TEST)).isEqualTo(IdxFixture.TEST_COUNT);
  }

  @Test
  void rejectsLabelCountThatDiffersFromImageCount() throws IOException {
    IdxFolder folder = IdxFixture.writeSet(directory);
    Path labels = directory.resolve("t10k-labels-idx1-ubyte");
    Files.write(labels, IdxFixture.labels(19));

    assertThatThrownBy(folder::verify)
        .isInstanceOf(InputDataException.class)
        .hasMessage(
            "%s: has 19 labels, but %s has 20 images. Use files of the same data set."
                .formatted(labels, directory.resolve("t10k-images-idx3-ubyte")));
  }

  @Test
  void namesTheMissingFile() throws IOException {
    IdxFolder folder = IdxFixture.writeSet(directory);
    Files.delete(directory.resolve("train-labels-idx1-ubyte"));
    Files.createDirectory(directory.resolve("train-labels-idx1-ubyte"));

    assertThatThrownBy(folder::verify)
        .isInstanceOf(InputDataException.class)
        .hasMessage(
            "--data: %s has no file train-labels-idx1-ubyte or train-labels.idx1-ubyte, plain or with .gz. Found t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte, train-images-idx3-ubyte, train-labels-idx1-ubyte. Rename or add the missing file.",
            directory);
  }

  /** EMNIST, QMNIST, Kuzushiji-49, files of Windows, and a folder with too many files to list. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "emnist-digits-test-images-idx3-ubyte.gz emnist-digits-train-images-idx3-ubyte.gz | emnist-digits-test-images-idx3-ubyte.gz, emnist-digits-train-images-idx3-ubyte.gz",
        "qmnist-train-images-idx3-ubyte.gz qmnist-train-labels-idx2-int.gz | qmnist-train-images-idx3-ubyte.gz, qmnist-train-labels-idx2-int.gz",
        "k49-test-imgs.npz k49-train-imgs.npz | k49-test-imgs.npz, k49-train-imgs.npz",
        "train-images-idx3-ubyte.zip train-images-idx3-ubyte.gz.part | train-images-idx3-ubyte.gz.part, train-images-idx3-ubyte.zip",
        "'' | no files",
        "1 2 3 4 5 6 7 8 9 a b c d e | 1, 2, 3, 4, 5, 6, 7, 8, 9, a, b, c and 2 more"
      })
  void listsTheFilesOfAFolderWithOtherNames(String files, String found) throws IOException {
    for (String file : StringUtils.split(files)) {
      Files.createFile(directory.resolve(file));
    }
    assertThatThrownBy(new IdxFolder(directory)::verify)
        .isInstanceOf(InputDataException.class)
        .hasMessage(
            "--data: %s has no file train-images-idx3-ubyte or train-images.idx3-ubyte, plain or with .gz. Found %s. Rename or add the missing file.",
            directory, found);
  }

  @Test
  void rejectsPathThatIsNotAFolder() throws IOException {
    Path missing = directory.resolve("missing");
    Path file = Files.createFile(directory.resolve("file"));

    assertThatThrownBy(new IdxFolder(missing)::verify)
        .isInstanceOf(InputDataException.class)
        .hasMessage(
            "--data: "
                + missing
                + " does not exist. Choose a folder with the four IDX files of a data set.");
    assertThatThrownBy(new IdxFolder(file)::verify)
        .isInstanceOf(InputDataException.class)
        .hasMessage(
            "--data: "
                + file
                + " is not a readable folder. Choose a folder with the four IDX files of a data set.");
  }
}
