package org.sparkvae.user;

import com.sun.security.auth.module.UnixSystem;
import org.apache.hadoop.security.UserGroupInformation;

/** A user ID without a name, as containers often have. */
public final class UnnamedUser {
  private UnnamedUser() {}

  /**
   * Gives the user a name if the user database has none. Without a name, Hadoop cannot open a file
   * system. The name is {@code HADOOP_USER_NAME}, which the launcher sets, or {@code user.name}.
   */
  public static void giveName() {
    if (new UnixSystem().getUsername() == null) {
      String name = System.getenv("HADOOP_USER_NAME");
      UserGroupInformation.setLoginUser(
          UserGroupInformation.createRemoteUser(
              name == null ? System.getProperty("user.name") : name));
    }
  }
}
