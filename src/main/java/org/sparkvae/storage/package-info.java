/**
 * Files on any of Hadoop's file systems that renames in one step (not on an object store), each
 * complete or absent: written aside under a name that Spark and people pass over, then renamed.
 */
package org.sparkvae.storage;
