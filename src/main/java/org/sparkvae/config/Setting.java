package org.sparkvae.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The declaration of a setting. {@link SettingDeclaration} lists all of them. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {
  /** The parts of the command line's help. */
  enum Section {
    /** The choice of images. Not Spark ML Params, because a DataFrame has been chosen already. */
    DATA,
    MODEL,
    TRAINING
  }

  /** The section of the help that contains the option. */
  Section section() default Section.TRAINING;

  /** The placeholder of the value in the help, such as {@code N}. */
  String label() default "N";

  /** The default, written as in a configuration file. */
  String defaultValue();

  /** The meaning, in sentences. */
  String description();

  /** The valid numbers, see {@link NumberRange}. */
  String range() default "(-∞, ∞)";

  /** Whether a number must be even. */
  boolean even() default false;

  /** Whether 0 means all. */
  boolean zeroMeansAll() default false;
}
