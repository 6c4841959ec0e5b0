/** The settings of a run: immutable, validated, with one precedence and one set of names. */
package org.sparkvae.config;
