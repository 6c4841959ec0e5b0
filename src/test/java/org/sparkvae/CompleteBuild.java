package org.sparkvae;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Tests that not every build makes: all of them take longer than anybody waits. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@EnabledIfSystemProperty(
    named = "complete",
    matches = "true",
    disabledReason = "only mvn verify -Dcomplete=true")
public @interface CompleteBuild {}
