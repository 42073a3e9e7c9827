package org.vmcore.cli;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.vmcore.cli.command.Subcommand;
import org.vmcore.cli.output.Fields;
import picocli.CommandLine;

/** The files that say what a command's JSON holds, and what the commands declare. */
final class Contract {
  static final Path FOLDER = Path.of(System.getProperty("vmcore.root"), "vmcore-cli");

  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
  private static final Map<String, Schema> SCHEMAS = new ConcurrentHashMap<>();

  private Contract() {}

  /** What each command that prints JSON declares, by its name: {@code info}, {@code a b}. */
  static Map<String, Fields> commands() {
    Map<String, Fields> commands = new TreeMap<>();
    add(Main.commandLine(), "", commands);
    return commands;
  }

  private static void add(CommandLine group, String prefix, Map<String, Fields> commands) {
    for (CommandLine each : group.getSubcommands().values()) {
      String name = prefix + each.getCommandName();
      if (each.getCommandSpec().userObject() instanceof Subcommand command
          && !command.fields().all().isEmpty()) {
        commands.put(name, command.fields());
        if (!command.groupFields().all().isEmpty()) {
          commands.put(name + " --group-by", command.groupFields());
        }
      }
      add(each, name + " ", commands);
    }
  }

  /** The schema of {@code command}. */
  static Path schema(String command) {
    return FOLDER
        .resolve("schema")
        .resolve(command.replace(" --", "-").replace(' ', '-') + ".schema.json");
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is wrong with {@code json} by the schema of the command that printed it. */
  static List<String> violations(String json) {
    String command = String.valueOf(JsonText.object(json).get("command"));
    Schema schema =
        SCHEMAS.computeIfAbsent(
            command, name -> REGISTRY.getSchema(read(schema(name)), InputFormat.JSON));
    return schema.validate(json, InputFormat.JSON).stream().map(Error::toString).toList();
  }
}
