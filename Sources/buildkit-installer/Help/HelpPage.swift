import Installer

/// What `--help` prints for a command: examples first, then what it takes, under the headings of the wizard's pages.
///
/// ArgumentParser's own page cannot lead with examples, keep their lines whole, or tell a default from what an empty
/// answer stands for.
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
            sections.append(["EXAMPLES"] + examples.lines.map { "  \($0)" })
        }
        sections.append(
            ["USAGE"] + command.usage.split(separator: "\n").map { "  \($0.trimmingLeadingSpaces)" })
        if !discussion.text.isEmpty { sections.append(wrapped(discussion.text.joined(separator: " "))) }
        sections += subcommands + arguments
        if !fields.isEmpty { sections.append(environment) }
        if let statuses = discussion.section("EXIT STATUS") {
            sections.append(["EXIT STATUS"] + statuses.lines.flatMap { entry(status: $0) })
        }
        return sections.map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
    }

    /// All that can be given, its own or that of the command that stands in for it.
    private var taken: [CommandTree.Argument] { command.ownArguments + (shownStandIn?.ownArguments ?? []) }

    /// The program's own start page takes what an install takes, which is told there.
    private var shownStandIn: CommandTree? { command.path.isEmpty ? nil : command.standIn }

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
                + ["", "  See '\(command.invocation) <command> --help' for each."]
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
        sections.append(["OPTIONS"] + options.flatMap(entry) + help)
        return sections
    }

    /// The questions, by the pages that ask them.
    private var forms: [[String]] {
        let name = command.path.joined(separator: " ")
        let workflow = Workflow.everyone.first { $0.id == name }
        // Only where an installation is made its questions mean what they mean for an install.
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

    private var environment: [String] {
        let example = fields.first { $0.field.id == Field.namespace.id }?.field ?? fields[0].field
        return ["ENVIRONMENT"]
            + entry(
                example.variable,
                "Same as --\(example.id). Each setting above has such a variable; flags win over it.")
            + entry(
                "BUILDKIT_INSTALLER_ANSWERS",
                "Same as --answers: an answers file; flags and variables win over it.")
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
        let standing = argument.defaultValue.map { " Default: \($0)." } ?? ""
        return entry(
            "\(argument.flags.joined(separator: ", "))\(value)", (argument.abstract ?? "") + standing)
    }

    private func entry(status line: String) -> [String] {
        let number = line.prefix { $0.isNumber }
        return hanging(
            "  " + number + String(repeating: " ", count: 5 - number.count),
            line.dropFirst(number.count).trimmingLeadingSpaces)
    }

    /// Where the second column begins.
    private static let column = 8

    /// A label, and below it what it means; one that is short has it beside.
    private func entry(_ label: String, _ text: String) -> [String] {
        let head = "  \(label)"
        let beside = 24
        if head.count < beside - 1 {
            return hanging(head + String(repeating: " ", count: beside - head.count), text)
        }
        return [head] + hanging(String(repeating: " ", count: Self.column), text)
    }

    private func wrapped(_ text: String) -> [String] { hanging("", text) }

    /// Words in lines; all but the first begin below the text of the first.
    private func hanging(_ head: String, _ text: String) -> [String] {
        var lines: [String] = []
        var line = head
        var isEmpty = true
        for word in text.split(separator: " ") {
            if !isEmpty, line.count + 1 + word.count > columns {
                lines.append(line)
                (line, isEmpty) = (String(repeating: " ", count: head.count), true)
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
    /// Also those that the start page does not offer.
    static let everyone = all + [.addClient, .renewClient, .revokeClient]
}
