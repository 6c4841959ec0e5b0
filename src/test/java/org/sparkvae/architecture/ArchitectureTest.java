package org.sparkvae.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.core.importer.resolvers.SelectedClassResolverFromClasspath;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import java.util.Arrays;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.commons.lang3.StringUtils;
import org.apache.hadoop.conf.Configuration;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataBuffer;

/**
 * Tests which packages and libraries a package can use, as the design requires. The tests read
 * compiled classes, which contain the values of constants of other classes but not their names.
 */
class ArchitectureTest {
  private static final String ROOT = "org.sparkvae.";

  private static final JavaClasses CLASSES = importClasses();

  /**
   * All packages, relative to org.sparkvae, each with the packages that it can use. A line can name
   * only packages of the lines above it, so there are no cycles. Every package can also use {@code
   * image}.
   */
  private static final String ALLOWED_PACKAGES =
      """
      image:
      exception:
      cleanup:
      user:
      collective: exception
      linalg:
      config: exception
      storage: exception
      model.noise:
      model.cpu: config model.noise
      model: config exception linalg model.cpu model.noise
      selftest: config exception model model.cpu model.noise
      gpu: exception
      spark: cleanup exception gpu model model.cpu selftest user
      mnist: config exception spark storage
      training: config exception model model.noise storage
      training.spark: collective config exception model model.cpu model.noise selftest spark \
           storage training
      reconstruction: exception mnist model model.cpu spark storage
      sampling: linalg model model.noise spark
      evaluation.metric: linalg
      evaluation: evaluation.metric exception linalg mnist model model.cpu spark storage
      export: model
      report: exception
      report.page: config evaluation model report
      doctor: collective config exception gpu mnist model selftest spark storage training.spark
      ml: config exception model reconstruction spark storage training training.spark
      run: config doctor evaluation exception export mnist model model.noise reconstruction \
           report report.page sampling spark storage training training.spark
      cli: cleanup config doctor exception mnist model run training user
      """;

  private static final Set<String> MEMORY_ACCESSORS =
      Set.of(
          "address",
          "addressPointer",
          "asNio",
          "asNioDouble",
          "asNioFloat",
          "asNioInt",
          "asNioLong",
          "indexer",
          "platformAddress",
          "pointer");

  private static final DescribedPredicate<JavaAccess<?>> ARRAY_MEMORY_ACCESS =
      describe("the target gives access to an array's memory", ArchitectureTest::accessesMemory);

  private static final Set<String> READERS =
      Set.of(
          "org.apache.spark.SparkContext",
          "org.apache.spark.api.java.JavaSparkContext",
          "org.apache.spark.ml.util.DefaultParamsReader",
          "org.apache.spark.ml.util.DefaultParamsReader$",
          "org.apache.spark.sql.DataFrameReader");

  private static final Pattern READER_METHOD =
      Pattern.compile(
          "parquet|load.*|text|json|csv|orc|table|.*File|.*Files|hadoopRDD|newAPIHadoopRDD|<init>");

  private static final DescribedPredicate<JavaAccess<?>> READS_FILES =
      describe(
          "the method treats a path as a pattern",
          access ->
              (READERS.contains(access.getTargetOwner().getName())
                      && READER_METHOD.matcher(access.getName()).matches())
                  || access.getName().equals("globStatus"));

  private static final DescribedPredicate<JavaClass> TYPED_POINTER =
      describe(
          "are typed JavaCPP pointers",
          type -> type.isAssignableTo(Pointer.class) && !type.isEquivalentTo(Pointer.class));

  /** Imports our classes and, to save time, only the library classes whose subtypes matter. */
  private static JavaClasses importClasses() {
    ArchConfiguration.get().setClassResolver(SelectedClassResolverFromClasspath.class);
    ArchConfiguration.get()
        .setClassResolverArguments(
            "org.bytedeco.javacpp", "org.nd4j.linalg.api.buffer", "org.nd4j.nativeblas");
    return new ClassFileImporter()
        .withImportOption(new DoNotIncludeTests())
        .importPackages("org.sparkvae");
  }

  private static boolean accessesMemory(JavaAccess<?> access) {
    return access.getTargetOwner().isAssignableTo(Pointer.class)
        ? !Set.of("maxBytes", "maxPhysicalBytes").contains(access.getName())
        : access.getTargetOwner().isAssignableTo(DataBuffer.class)
            && MEMORY_ACCESSORS.contains(access.getName());
  }

  /** Also fails if a package is not listed, or if a listed package does not exist. */
  @Test
  void packagesUseOnlyAllowedPackages() {
    LayeredArchitecture rule =
        layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .ensureAllClassesAreContainedInArchitecture();
    for (String line : ALLOWED_PACKAGES.lines().toList()) {
      String user = StringUtils.substringBefore(line, ":");
      String[] used = StringUtils.split("image " + StringUtils.substringAfter(line, ":"));
      rule = rule.layer(user).definedBy(ROOT + user).whereLayer(user).mayOnlyAccessLayers(used);
    }
    rule.as("packages use only the packages that ALLOWED_PACKAGES lists").check(CLASSES);
  }

  @Test
  void onlyTrainingSparkUsesDistributedDeeplearning4j() {
    checkUsers("org.deeplearning4j.spark..", "training.spark");
    checkUsers("org.nd4j.parameterserver..", "training.spark");
  }

  /** In particular, the model, the metric functions and the console use no Spark. */
  @Test
  void onlyListedPackagesUseSpark() {
    checkUsers(
        "org.apache.spark..",
        "doctor",
        "evaluation",
        "ml",
        "mnist",
        "reconstruction",
        "run",
        "sampling",
        "spark",
        "training",
        "training.spark");
  }

  @Test
  void onlyCollectiveUsesPytorch() {
    checkUsers("org.bytedeco.pytorch..", "collective");
  }

  @Test
  void onlyCpuLayersUseOneDnn() {
    checkUsers("org.bytedeco.dnnl..", "model.cpu");
  }

  @Test
  void onlyCliUsesPicocli() {
    checkUsers("picocli..", "cli");
  }

  @Test
  void onlyReportPageUsesMustache() {
    checkUsers("com.samskivert..", "report.page");
  }

  /** Spark's readers treat a path as a pattern, and some of them as a list of paths. */
  @Test
  void onlyParquetTablesReadsFilesThroughSpark() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(ROOT + "spark.ParquetTables")
        .should()
        .accessTargetWhere(READS_FILES)
        .check(CLASSES);
  }

  /** A new configuration lacks the settings that the user gave to Spark. */
  @Test
  void onlyHadoopSettingsCreatesHadoopsConfiguration() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(ROOT + "storage.HadoopSettings")
        .should()
        .callConstructor(Configuration.class)
        .check(CLASSES);
  }

  /** The methods that return JavaCPP's memory limits are allowed: they access no array. */
  @Test
  void onlyModelCpuAccessesArrayMemory() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + "model.cpu", ROOT + "collective")
        .should()
        .accessTargetWhere(ARRAY_MEMORY_ACCESS)
        .orShould()
        .dependOnClassesThat(TYPED_POINTER)
        .check(CLASSES);
  }

  /** Fails if a package other than the given ones uses a library. */
  private static void checkUsers(String library, String... packages) {
    String[] users = Arrays.stream(packages).map(ROOT::concat).toArray(String[]::new);
    noClasses()
        .that()
        .resideOutsideOfPackages(users)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .check(CLASSES);
  }
}
