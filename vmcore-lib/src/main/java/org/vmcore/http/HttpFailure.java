package org.vmcore.http;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;

/** What keeps a file from being read, in a line without its URL. */
final class HttpFailure extends IOException {
  private static final long serialVersionUID = 1L;
  private static final int REQUEST_TIMEOUT = 408;
  private static final int TOO_MANY = 429;
  private static final int SERVER_ERROR = 500;

  private final boolean mayPass;

  /** One that is the same whenever it is asked. */
  HttpFailure(String message) {
    super(message);
    this.mayPass = false;
  }

  /** One that is the same whenever it is asked. */
  HttpFailure(String message, Exception cause) {
    this(message, false, cause);
  }

  private HttpFailure(String message, boolean mayPass) {
    super(message);
    this.mayPass = mayPass;
  }

  private HttpFailure(String message, boolean mayPass, Exception cause) {
    super(message, cause);
    this.mayPass = mayPass;
  }

  /** Whether it may go better another time. */
  boolean mayPass() {
    return mayPass;
  }

  /** The answer ended before its end. */
  static HttpFailure brokenOff() {
    return new HttpFailure("the connection broke off", true);
  }

  /** The answer, or a piece of it, hasn't come in time. */
  static HttpFailure late() {
    return new HttpFailure("the server doesn't answer in time", true);
  }

  /** What came of asking the proxy that is called {@code proxy}, or by it the server. */
  static HttpFailure ofProxy(String proxy, IOException failure) {
    return switch (failure) {
      case UnknownHostException _ ->
          new HttpFailure("the proxy " + proxy + ": there is no such host", false, failure);
      case ConnectException _ ->
          new HttpFailure(
              "the proxy " + proxy + " can't be reached: connection refused", true, failure);
      default -> of(failure);
    };
  }

  /** The server's answer is this status. */
  static HttpFailure ofStatus(int status) {
    String what =
        switch (status) {
          case 401 -> ": it wants a user and a password (http://USER:PASSWORD@...)";
          case 403 -> ": access is denied";
          case 404, 410 -> ": there is no such file";
          case 407 -> ": the proxy wants a user and a password";
          default -> "";
        };
    boolean mayPass = status == REQUEST_TIMEOUT || status == TOO_MANY || status >= SERVER_ERROR;
    return new HttpFailure("the server answers " + status + what, mayPass);
  }

  /** What came of asking. */
  static HttpFailure of(IOException failure) {
    return switch (failure) {
      case HttpFailure known -> known;
      case UnknownHostException _ -> new HttpFailure("there is no such host", false, failure);
      case SocketTimeoutException _ ->
          new HttpFailure("the server doesn't answer in time", true, failure);
      case ConnectException _ ->
          new HttpFailure("the server can't be reached: connection refused", true, failure);
      case NoRouteToHostException _ ->
          new HttpFailure("the server can't be reached: no route to it", true, failure);
      case SSLException _ -> new HttpFailure("TLS: " + failure.getMessage(), false, failure);
      default -> new HttpFailure("the connection broke: " + failure.getMessage(), true, failure);
    };
  }
}
