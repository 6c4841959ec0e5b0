package org.sparkvae.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Marks tests that run only with {@code -Dcomplete=true}, because they take too long for every
 * build.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@EnabledIfSystemProperty(
    named = "complete",
    matches = "true",
    disabledReason = "runs only with mvn verify -Dcomplete=true")
public @interface CompleteBuild {}
