package org.sparkvae.report.page;

/** Something with a name. */
record NameValue(String name, String value) {}
