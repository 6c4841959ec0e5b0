package org.sparkvae.mnist;

import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;
import org.sparkvae.exception.InputDataException;

/**
 * A writer that streams the IDX files of a data set into Parquet files of {@value #IMAGES_PER_FILE}
 * images.
 */
record ImageTableWriter(IdxSet set, Configuration hadoopConf) {
  static final int IMAGES_PER_FILE = 5_000;

  private static final MessageType SCHEMA =
      Types.buildMessage()
          .required(PrimitiveTypeName.INT32)
          .named("image_id")
          .required(PrimitiveTypeName.INT32)
          .named("label")
          .required(PrimitiveTypeName.BINARY)
          .named("pixels")
          .named("image");

  private static final SimpleGroupFactory ROWS = new SimpleGroupFactory(SCHEMA);

  void write(Path directory) throws IOException {
    for (Split split : Split.values()) {
      write(set.pair(split), new Path(directory, "split=" + split));
    }
  }

  private void write(IdxPair pair, Path directory) throws IOException {
    try (IdxReader images = IdxReader.open(pair.images().path(), IdxKind.IMAGES);
        IdxReader labels = IdxReader.open(pair.labels().path(), IdxKind.LABELS)) {
      for (int first = 0; first < pair.count(); first += IMAGES_PER_FILE) {
        String name = "part-%05d.parquet".formatted(first / IMAGES_PER_FILE);
        int end = Math.min(first + IMAGES_PER_FILE, pair.count());
        write(images, labels, first, end, new Path(directory, name));
      }
      requireUnchanged(pair.images(), images);
      requireUnchanged(pair.labels(), labels);
    }
  }

  private void write(IdxReader images, IdxReader labels, int first, int end, Path file)
      throws IOException {
    byte[] pixels = new byte[IdxKind.IMAGES.recordBytes];
    byte[] label = new byte[IdxKind.LABELS.recordBytes];
    try (ParquetWriter<Group> writer = open(file)) {
      for (int id = first; id < end; id++) {
        images.read(pixels);
        labels.read(label);
        writer.write(
            ROWS.newGroup()
                .append("image_id", id)
                .append("label", (int) label[0])
                .append("pixels", Binary.fromReusedByteArray(pixels)));
      }
    }
  }

  private ParquetWriter<Group> open(Path file) throws IOException {
    return ExampleParquetWriter.builder(HadoopOutputFile.fromPath(file, hadoopConf))
        .withConf(hadoopConf)
        .withType(SCHEMA)
        .withCompressionCodec(CompressionCodecName.SNAPPY)
        .withDictionaryEncoding("pixels", false)
        .withExtraMetaData(
            Map.of("sparkvae.dataset", set.name(), "sparkvae.checksum", set.checksum()))
        .build();
  }

  private static void requireUnchanged(IdxFile verified, IdxReader reader) {
    if (!reader.finish().equals(verified.sha256())) {
      throw new InputDataException(
          "%s: changed after it was verified (expected SHA-256 %s). Do not change the file during the run. Rerun the same command."
              .formatted(verified.path(), verified.sha256()));
    }
  }
}
