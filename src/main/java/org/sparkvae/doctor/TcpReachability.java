package org.sparkvae.doctor;

import java.io.IOException;
import java.io.Serializable;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.sparkvae.doctor.ExecutorSurvey.Response;

/**
 * The result of connecting from one executor to all of them, at the address and at a port such as
 * those at which the workers of {@code allreduce} listen.
 *
 * @param tested the number of executors, with this one
 * @param unreachable the name of each executor that did not accept a connection
 */
record TcpReachability(int tested, List<String> unreachable) implements Serializable {
  private static final Duration TIMEOUT = Duration.ofSeconds(3);

  /**
   * Connects each executor with each other, if there are several.
   *
   * @param probes the responses of the executors, which listen
   */
  static List<Finding> checkAll(ExecutorSurvey survey, List<Response<ExecutorProbe.Result>> probes)
      throws InterruptedException {
    TreeMap<String, InetSocketAddress> listeners =
        probes.stream()
            .filter(probe -> probe.value() != null && probe.value().tcpPort() != 0)
            .collect(
                Collectors.toMap(
                    Response::process,
                    probe -> probe.value().tcpAddress(),
                    (first, second) -> first,
                    TreeMap::new));
    if (listeners.size() < 2) {
      return List.of();
    }
    Map<String, TcpReachability> results =
        survey.collect(() -> of(listeners)).stream()
            .filter(response -> response.value() != null)
            .collect(Collectors.toMap(Response::process, Response::value));
    TcpReachability none = new TcpReachability(listeners.size(), List.copyOf(listeners.keySet()));
    return listeners.keySet().stream()
        .map(process -> check(process, results.getOrDefault(process, none)))
        .toList();
  }

  /**
   * Connects this process to each listener.
   *
   * @param listeners the address of each executor by its name
   */
  static TcpReachability of(Map<String, InetSocketAddress> listeners) {
    ExecutorService threads = Executors.newFixedThreadPool(listeners.size());
    try {
      Map<String, CompletableFuture<Boolean>> reachable =
          listeners.entrySet().stream()
              .collect(
                  Collectors.toMap(
                      Map.Entry::getKey,
                      listener ->
                          CompletableFuture.supplyAsync(
                              () -> isReachable(listener.getValue()), threads)));
      return new TcpReachability(
          listeners.size(),
          listeners.keySet().stream()
              .filter(name -> !reachable.get(name).join())
              .sorted()
              .toList());
    } finally {
      threads.shutdown();
    }
  }

  private static boolean isReachable(InetSocketAddress address) {
    try (Socket socket = new Socket()) {
      socket.connect(address, (int) TIMEOUT.toMillis());
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  static Finding check(String process, TcpReachability executors) {
    Check check = new Check(process, "TCP to executors");
    return executors.unreachable.isEmpty()
        ? check.ok("%d of %d can be reached".formatted(executors.tested, executors.tested))
        : check.externalFailure(
            "cannot connect to " + String.join(", ", executors.unreachable),
            "Open TCP in both directions between these hosts, all ports above 1023, in every firewall between them.");
  }
}
