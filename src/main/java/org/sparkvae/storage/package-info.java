/**
 * Files on any Hadoop file system, each complete or absent: written aside under a name that Spark
 * and people pass over, then renamed.
 */
package org.sparkvae.storage;
