package org.sparkvae.cli;

import com.sun.security.auth.module.UnixSystem;
import org.apache.hadoop.security.UserGroupInformation;

/** A user ID without a name, as containers often have. */
final class UnnamedUser {
  private UnnamedUser() {}

  /**
   * Names the user for Hadoop if the user database has no entry for it. Otherwise every use of a
   * file system would fail. The name is that of the launcher, {@code HADOOP_USER_NAME} or {@code
   * user.name}.
   */
  static void giveName() {
    if (new UnixSystem().getUsername() == null) {
      String name = System.getenv("HADOOP_USER_NAME");
      UserGroupInformation.setLoginUser(
          UserGroupInformation.createRemoteUser(
              name == null ? System.getProperty("user.name") : name));
    }
  }
}
