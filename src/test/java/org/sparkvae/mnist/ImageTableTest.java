package org.sparkvae.mnist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sparkvae.exception.ConfigurationException;
import org.sparkvae.exception.InputDataException;
import org.sparkvae.exception.TransientException;

class ImageTableTest {
  private final Configuration hadoopConf = new Configuration();

  @TempDir Path directory;
  private Path data;
  private Path output;

  @BeforeEach
  void prepare() throws IOException {
    data = Files.createDirectory(directory.resolve("data"));
    output = directory.resolve("output");
    IdxFixture.writeSet(data);
  }

  private IdxSet set() {
    return new IdxFolder(data).verify();
  }

  private Path target(IdxSet set) {
    return Path.of(ImageTable.path(output.toString(), set));
  }

  private void write(IdxSet set) {
    ImageTable.write(set, target(set).toString(), target(set).getParent().toString(), hadoopConf);
  }

  private ParquetMetadata footer(Path file) throws IOException {
    try (ParquetFileReader reader =
        ParquetFileReader.open(
            HadoopInputFile.fromPath(new org.apache.hadoop.fs.Path(file.toString()), hadoopConf))) {
      return reader.getFooter();
    }
  }

  @Test
  void pathContainsChecksum() {
    IdxSet set = set();

    assertThat(ImageTable.path("hdfs://host/runs/one", set))
        .isEqualTo("hdfs://host/runs/one/_data/" + set.checksum().substring(0, 16));
  }

  @Test
  void splitsLargeSetIntoFiles() throws IOException {
    byte[] images = IdxFixture.images(5_001);
    byte[] labels = IdxFixture.labels(5_001);
    Files.write(data.resolve("train-images-idx3-ubyte"), images);
    Files.write(data.resolve("train-labels-idx1-ubyte"), labels);
    IdxSet set = set();

    write(set);

    Path train = target(set).resolve("split=train");
    assertThat(IdxFixture.namesIn(train))
        .filteredOn(name -> !name.startsWith("."))
        .containsExactly("part-00000.parquet", "part-00001.parquet");
    int id = 0;
    for (int part = 0; part < 2; part++) {
      Path file = train.resolve("part-0000%d.parquet".formatted(part));
      try (ParquetReader<Group> rows =
          ParquetReader.builder(
                  new GroupReadSupport(), new org.apache.hadoop.fs.Path(file.toString()))
              .build()) {
        for (Group row = rows.read(); row != null; row = rows.read()) {
          assertThat(part).isEqualTo(id / 5_000);
          assertThat(row.getInteger("image_id", 0)).isEqualTo(id);
          assertThat(row.getInteger("label", 0)).isEqualTo(labels[8 + id]);
          int pixels = 16 + id * 784;
          assertThat(row.getBinary("pixels", 0).getBytes())
              .isEqualTo(Arrays.copyOfRange(images, pixels, pixels + 784));
          id++;
        }
      }
    }
    assertThat(id).isEqualTo(5_001);
  }

  @Test
  void writesDataSetIntoFileMetadata() throws IOException {
    IdxSet set = set();
    write(set);

    ParquetMetadata footer = footer(target(set).resolve("split=test/part-00000.parquet"));

    assertThat(footer.getFileMetaData().getKeyValueMetaData())
        .containsEntry("sparkvae.dataset", set.name())
        .containsEntry("sparkvae.checksum", set.checksum());
    assertThat(footer.getFileMetaData().getSchema().toString())
        .isEqualToIgnoringWhitespace(
            """
            message image {
              required int32 image_id; required int32 label; required binary pixels;
            }
            """);
    assertThat(footer.getBlocks().get(0).getColumns())
        .allMatch(column -> column.getCodec() == CompressionCodecName.SNAPPY);
    assertThat(footer.getBlocks().get(0).getRowCount()).isEqualTo(IdxFixture.TEST_COUNT);
  }

  @Test
  void writesColumnStatistics() throws IOException {
    byte[] images = IdxFixture.content("t10k-images-idx3-ubyte");
    byte[] darkest =
        IntStream.range(0, IdxFixture.TEST_COUNT)
            .mapToObj(id -> Arrays.copyOfRange(images, 16 + id * 784, 16 + (id + 1) * 784))
            .min(Arrays::compareUnsigned)
            .orElseThrow();
    IdxSet set = set();
    write(set);

    ParquetMetadata footer = footer(target(set).resolve("split=test/part-00000.parquet"));

    assertThat(footer.getBlocks().get(0).getColumns().get(2).getStatistics().getMinBytes())
        .isEqualTo(darkest);
  }

  @Test
  void leavesExistingTableUnchanged() throws IOException {
    IdxSet set = set();
    Path mark = Files.createDirectories(target(set)).resolve("mark");
    Files.createFile(mark);
    Files.delete(data.resolve("train-images-idx3-ubyte"));

    write(set);

    assertThat(IdxFixture.namesIn(target(set))).containsExactly("mark");
    assertThat(IdxFixture.namesIn(target(set).getParent())).hasSize(1);
  }

  @Test
  void deletesItsCopyIfAnotherWriterWasFirst() throws IOException {
    Path winner = Files.createDirectories(output.resolve("table"));
    Files.createFile(winner.resolve("mark"));
    org.apache.hadoop.fs.Path temporary =
        new org.apache.hadoop.fs.Path(output.toString(), "_writing-mine");
    Files.createDirectories(output.resolve("_writing-mine/split=train"));
    Files.createFile(output.resolve("_writing-mine/split=train/mine"));
    FileSystem files = temporary.getFileSystem(hadoopConf);

    ImageTable.commit(files, temporary, new org.apache.hadoop.fs.Path(winner.toString()));

    assertThat(IdxFixture.namesIn(winner)).containsExactly("mark");
    assertThat(IdxFixture.namesIn(output)).containsExactly("table");
  }

  @Test
  @Timeout(60)
  void supportsConcurrentWriters() throws IOException {
    IdxSet set = set();

    List<CompletableFuture<Void>> writers =
        IntStream.range(0, 4).mapToObj(i -> CompletableFuture.runAsync(() -> write(set))).toList();
    writers.forEach(CompletableFuture::join);

    assertThat(IdxFixture.namesIn(target(set))).containsExactly("split=test", "split=train");
    assertThat(IdxFixture.namesIn(target(set).resolve("split=train")))
        .containsExactly(".part-00000.parquet.crc", "part-00000.parquet");
    assertThat(IdxFixture.namesIn(target(set).getParent())).hasSize(1);
  }

  @Test
  void rejectsChangedFilesAndLeavesNothing() throws IOException {
    IdxSet set = set();
    Path images = data.resolve("t10k-images-idx3-ubyte");
    byte[] changed = IdxFixture.content("t10k-images-idx3-ubyte");
    changed[1000] ^= 1;
    Files.write(images, changed);

    assertThatThrownBy(() -> write(set))
        .isInstanceOf(InputDataException.class)
        .hasMessageStartingWith(images + ": changed after it was verified (expected SHA-256 ");
    assertThat(IdxFixture.namesIn(target(set).getParent())).isEmpty();
  }

  @Test
  void leavesNothingOfATruncatedSet() throws IOException {
    IdxSet set = set();
    Files.write(
        data.resolve("train-labels-idx1-ubyte"),
        Arrays.copyOf(IdxFixture.content("train-labels-idx1-ubyte"), 20));

    assertThatThrownBy(() -> write(set))
        .isInstanceOf(InputDataException.class)
        .hasMessageContaining("train-labels-idx1-ubyte: byte 20: expected 30 labels");
    assertThat(IdxFixture.namesIn(target(set).getParent())).isEmpty();
  }

  @Test
  void reportsFileSystemFailure() throws IOException {
    Files.createFile(output);
    IdxSet set = set();

    assertThatThrownBy(() -> write(set))
        .isInstanceOf(TransientException.class)
        .hasMessageStartingWith(target(set) + ": the images cannot be written (")
        .message()
        .hasLineCount(1);
    assertThatThrownBy(
            () -> ImageTable.write(set, "nosuch://host/table", "nosuch://host", hadoopConf))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("nosuch");
  }
}
