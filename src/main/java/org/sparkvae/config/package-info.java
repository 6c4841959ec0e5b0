/** The settings of a run: immutable, validated, with one precedence and one list of names. */
package org.sparkvae.config;
