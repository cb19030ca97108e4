import Installer
import Wizard

/// The output of `--help` for a command: examples first, then options, grouped by wizard page.
///
/// ArgumentParser's help page cannot print examples first, keep their lines unwrapped, or distinguish a default from
/// the meaning of an empty value.
struct HelpPage {
    private let command: CommandTree
    private let discussion: Discussion
    private let columns: Int

    init(_ command: CommandTree, columns: Int) {
        self.command = command
        self.columns = columns
        discussion = Discussion(command.discussion ?? "")
    }

    var text: String {
        var sections = [wrapped(command.abstract ?? "")]
        if let examples = discussion.section("EXAMPLES") {
            sections.append(["EXAMPLES"] + examples.lines.flatMap(example))
        }
        sections.append(
            ["USAGE"] + command.usage.split(separator: "\n").map { "  \($0.trimmingLeadingSpaces)" })
        if !discussion.text.isEmpty { sections.append(wrapped(discussion.text.joined(separator: " "))) }
        sections += subcommands + arguments
        sections += environment
        if let statuses = discussion.section("EXIT STATUS") {
            sections.append(["EXIT STATUS"] + statuses.lines.flatMap { entry(status: $0) })
        }
        return sections.map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
    }

    /// All arguments: its own, or those of its default subcommand.
    private var taken: [CommandTree.Argument] { command.ownArguments + (shownStandIn?.ownArguments ?? []) }

    /// Whether it is the page of the program itself.
    private var isStart: Bool { command.path.isEmpty }

    /// The start page has the options of an install, whose help describes them.
    private var shownStandIn: CommandTree? { isStart ? nil : command.standIn }

    private var fields: [(argument: CommandTree.Argument, field: Field)] {
        taken.compactMap { argument in argument.field.map { (argument, $0) } }
    }

    // MARK: Sections

    private var subcommands: [[String]] {
        let commands = command.visibleSubcommands.filter { $0.commandName != command.defaultSubcommand }
        guard !commands.isEmpty else { return [] }
        return [
            ["COMMANDS"]
                + commands.flatMap { entry($0.commandName, $0.abstract ?? "") }
                + [""] + hanging("  ", "See '\(command.invocation) <command> --help' for details.")
        ]
    }

    private var arguments: [[String]] {
        let positional = taken.filter { $0.kind == .positional }
        let options = taken.filter { $0.kind != .positional && $0.field == nil }
        var sections: [[String]] = []
        if !positional.isEmpty {
            sections.append(
                ["ARGUMENTS"] + positional.flatMap { entry("<\($0.valueName ?? "")>", $0.abstract ?? "") })
        }
        sections += forms
        let help = entry("--help, -h", "Show this help.")
        let version =
            isStart ? entry("--version", "Show the versions of the program, the chart and BuildKit.") : []
        sections.append(["OPTIONS"] + options.flatMap(entry) + help + version)
        return sections
    }

    /// The settings, grouped by wizard page.
    private var forms: [[String]] {
        let name = command.path.joined(separator: " ")
        let workflow = Workflow.everyone.first { $0.id == name }
        // The settings have the meaning of an install only if the command creates an installation.
        let others = ["", "install", "check", "issue"].contains(name) ? Form.install : [.approach]
        var rest = fields
        return ((workflow?.forms ?? []) + others + Form.all).compactMap { form -> [String]? in
            let own = rest.filter { entry in form.fields.contains { $0.id == entry.field.id } }
            rest.removeAll { entry in own.contains { $0.field.id == entry.field.id } }
            guard !own.isEmpty else { return nil }
            return [form.title.uppercased()]
                + own.flatMap { entry(of: $0.field, in: form, flags: $0.argument.flags) }
        }
    }

    /// Every variable with its option. The program's page has those of the wizard; its settings are those of an install.
    private var environment: [[String]] {
        let ofOptions = taken.compactMap { option in
            option.environmentVariable.map { ($0, option.flags[0]) }
        }
        let ofWizard =
            OptionVariable.allCases.map { ($0.rawValue, "--\($0.option)") } + [
                (ProductionNames.variable, "context names to treat as production"),
                ("NO_COLOR", "if set, the wizard uses no colors"),
                ("ACCESSIBLE", "if set, the wizard prompts line by line"),
            ]
        let rows = isStart ? ofWizard : ofOptions
        guard !rows.isEmpty else { return [] }
        let width = (rows.map(\.0.count).max() ?? 0) + 2
        return [
            ["ENVIRONMENT"]
                + hanging("  ", "Flags take precedence over variables, and variables over the answers file.")
                + rows.flatMap { variable, meaning in
                    let padding = String(repeating: " ", count: width - variable.count)
                    return hanging("  \(variable)\(padding)", meaning)
                }
        ]
    }

    // MARK: Entries

    private func entry(of field: Field, in form: Form, flags: [String]) -> [String] {
        let value = field.kind == .toggle ? "[yes|no]" : "<\(field.valueName)>"
        let note = field.defaultNote.map { " \($0)." } ?? ""
        let options = field.kind.options
        let width = (options.map(\.value.count).max() ?? 0) + 2
        return entry("\(flags.joined(separator: ", ")) \(value)", form.help(of: field) + note)
            + options.flatMap { option in
                let label = option.value + String(repeating: " ", count: width - option.value.count)
                return hanging(String(repeating: " ", count: Self.column) + label, option.help)
            }
    }

    private func entry(_ argument: CommandTree.Argument) -> [String] {
        let value = argument.kind == .option ? " <\(argument.valueName ?? "value")>" : ""
        let text = argument.abstract ?? ""
        let standing = argument.defaultValue ?? (argument.kind == .flag ? "no" : "none")
        return entry(
            "\(argument.flags.joined(separator: ", "))\(value)",
            text.contains("If not set: ") ? text : "\(text) Default: \(standing).")
    }

    private func entry(status line: String) -> [String] {
        let number = line.prefix { $0.isNumber }
        return hanging(
            "  " + number + String(repeating: " ", count: 5 - number.count),
            line.dropFirst(number.count).trimmingLeadingSpaces)
    }

    /// Start of the second column.
    private static let column = 8

    /// A label and its meaning: beside a short label, below a long one. A narrow terminal has no room beside a label.
    private func entry(_ label: String, _ text: String) -> [String] {
        let head = "  \(label)"
        let beside = 24
        if head.count < beside - 1, columns >= 72 {
            return hanging(head + String(repeating: " ", count: beside - head.count), text)
        }
        return [head] + hanging(String(repeating: " ", count: Self.column), text)
    }

    private func wrapped(_ text: String) -> [String] { hanging("", text) }

    /// Wrapped words with a hanging indent.
    private func hanging(_ head: String, _ text: String) -> [String] {
        wrapped(text.split(separator: " ").map(String.init), after: head, indent: head.count)
    }

    /// A command line. It is continued as a shell reads it, so that it can be copied; an option keeps its value.
    private func example(_ line: String) -> [String] {
        let words = line.split(separator: " ").reduce(into: [String]()) { words, word in
            if let last = words.last, last.hasPrefix("-"), !word.hasPrefix("-") {
                words[words.count - 1] = "\(last) \(word)"
            } else {
                words.append(String(word))
            }
        }
        return wrapped(words, after: "  ", indent: 6, continuation: " \\")
    }

    /// - Parameter continuation: the end of every line but the last.
    private func wrapped(
        _ words: [String], after head: String, indent: Int, continuation: String = ""
    ) -> [String] {
        var lines: [String] = []
        var line = head
        var isEmpty = true
        for (index, word) in words.enumerated() {
            let end = index == words.count - 1 ? 0 : continuation.count
            if !isEmpty, line.count + 1 + word.count + end > columns {
                lines.append(line + continuation)
                (line, isEmpty) = (String(repeating: " ", count: indent), true)
            }
            line += (isEmpty ? "" : " ") + word
            isEmpty = false
        }
        return lines + [line]
    }
}

extension StringProtocol {
    fileprivate var trimmingLeadingSpaces: String { String(drop { $0 == " " }) }
}

extension Workflow {
    /// Includes workflows that are not on the start page.
    static let everyone = all + [.sleep, .wake, .addClient, .renewClient, .revokeClient]
}
