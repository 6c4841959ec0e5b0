package org.sparkvae.report.page;

/** Something with a name. */
record Fact(String name, String value) {}
