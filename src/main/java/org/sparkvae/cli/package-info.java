/** The command line: a class for each command, without logic of its own. */
package org.sparkvae.cli;
