package org.sparkvae.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The resources that a JVM uses, measured from another process. Sizes are in kilobytes.
 *
 * @param heap used heap after a garbage collection
 * @param rss resident set after a garbage collection and after malloc has returned its free memory
 * @param threads number of threads
 * @param handles number of open files
 * @param shm size of Aeron's buffers
 * @param files number of files and directories in the temporary directories
 * @param disk size of those files
 */
public record MemoryFootprint(
    long heap, long rss, long threads, long handles, long shm, long files, long disk) {
  private static final Pattern HEAP = Pattern.compile("heap\\s+total \\d+K, used (\\d+)K");

  public static final String COLUMNS =
      "epoch,heap_kb,rss_kb,threads,file_handles,shm_kb,temporary_files,temporary_kb";

  public static MemoryFootprint of(long pid, Path... temporary) throws Exception {
    Path process = Path.of("/proc/" + pid);
    SizeVisitor disk = new SizeVisitor();
    for (Path directory : temporary) {
      Files.walkFileTree(directory, disk);
    }
    long handles;
    try (Stream<Path> open = Files.list(process.resolve("fd"))) {
      handles = open.count();
    }
    long threads = ProcessStatus.of(process, "Threads");
    long shm = aeronBuffers(process).bytes / 1024;
    jcmd(pid, "GC.run");
    jcmd(pid, "System.trim_native_heap");
    long rss = ProcessStatus.of(process, "VmRSS");
    Matcher used = HEAP.matcher(jcmd(pid, "GC.heap_info"));
    assertThat(used.find()).isTrue();
    return new MemoryFootprint(
        Long.parseLong(used.group(1)), rss, threads, handles, shm, disk.entries, disk.bytes / 1024);
  }

  public String row(int epoch) {
    return Stream.of(epoch, heap, rss, threads, handles, shm, files, disk)
        .map(String::valueOf)
        .collect(Collectors.joining(","));
  }

  /**
   * Measures Aeron's buffers on the host of the process, which can have its own {@code /dev/shm}.
   */
  private static SizeVisitor aeronBuffers(Path process) throws IOException {
    SizeVisitor visitor = new SizeVisitor();
    for (String directory : aeronDirectories(process)) {
      Files.walkFileTree(process.resolve("root" + directory), visitor);
    }
    return visitor;
  }

  /** Returns the Aeron directories that the process uses, as paths in its own mount namespace. */
  public static List<String> aeronDirectories(Path process) throws IOException {
    try (Stream<String> maps = Files.lines(process.resolve("maps"))) {
      return maps.filter(line -> line.endsWith("/cnc.dat"))
          .map(line -> line.substring(line.indexOf('/'), line.lastIndexOf('/')))
          .distinct()
          .toList();
    }
  }

  private static String jcmd(long pid, String command) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(pid),
                command)
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("%s", output).isZero();
    return output;
  }

  /** Counts files and their bytes; ignores files that are deleted meanwhile. */
  private static final class SizeVisitor extends SimpleFileVisitor<Path> {
    private long entries;
    private long bytes;

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      entries++;
      bytes += attributes.size();
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
      entries++;
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException deleted) {
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, IOException deleted) {
      return FileVisitResult.CONTINUE;
    }
  }
}
