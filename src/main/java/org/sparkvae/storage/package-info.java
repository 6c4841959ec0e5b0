/**
 * Atomic writes of files and directories on a Hadoop file system. A file is written to a temporary
 * name that begins with an underscore, which Spark ignores, and then renamed. A reader therefore
 * finds it complete or not at all. The file system must rename atomically, so object stores are not
 * supported.
 */
package org.sparkvae.storage;
