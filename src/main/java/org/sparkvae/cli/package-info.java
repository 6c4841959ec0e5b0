/** The command line: a class per verb, with no logic of its own. */
package org.sparkvae.cli;
