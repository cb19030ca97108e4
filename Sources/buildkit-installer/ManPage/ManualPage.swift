import Installer
import Wizard

/// The manual page, generated from the declarations of commands and settings.
struct ManualPage {
    private let program: CommandTree
    private let version: String
    private let date: String
    private let discussion: Discussion

    /// - Parameter date: date of the version, in mdoc format.
    init(_ program: CommandTree, version: String, date: String) {
        self.program = program
        self.version = version
        self.date = date
        discussion = Discussion(program.discussion ?? "")
    }

    /// The page in mdoc.
    var text: String {
        var page = Mdoc()
        page.macro("Dd", date)
        page.macro("Dt", program.commandName.uppercased(), "1")
        page.macro("Os", "\(program.commandName) \(version)")
        name(&page)
        synopsis(&page)
        describe(&page)
        verbs(&page)
        answers(&page)
        environment(&page)
        files(&page)
        for heading in ["EXIT STATUS", "EXAMPLES"] {
            guard let section = discussion.section(heading) else { continue }
            page.macro("Sh", heading)
            page.literal(section.lines)
        }
        page.macro("Sh", "SEE ALSO")
        page.macro("Xr", "docker", "1", ",")
        page.macro("Xr", "helm", "1", ",")
        page.macro("Xr", "kubectl", "1")
        return page.text
    }

    private func name(_ page: inout Mdoc) {
        page.macro("Sh", "NAME")
        page.macro("Nm", program.commandName)
        // The text after the dash is not a sentence.
        page.macro("Nd", String((program.abstract ?? "").prefix { $0 != "." }))
    }

    private func synopsis(_ page: inout Mdoc) {
        page.macro("Sh", "SYNOPSIS")
        page.macro("Nm")
        for command in program.leaves {
            page.macro("Nm")
            page.macro("Cm", command.path.joined(separator: " "))
            let arguments = command.ownArguments
            if arguments.contains(where: { $0.kind != .positional }) { page.macro("Op", "options") }
            for argument in arguments where argument.kind == .positional {
                page.macro("Ar", argument.valueName ?? "")
            }
        }
    }

    private func describe(_ page: inout Mdoc) {
        page.macro("Sh", "DESCRIPTION")
        page.say(discussion.text)
    }

    private func verbs(_ page: inout Mdoc) {
        page.macro("Sh", "COMMANDS")
        for command in program.leaves {
            page.macro("Ss", command.path.joined(separator: " "))
            page.say(command.abstract ?? "")
            let discussion = Discussion(command.discussion ?? "")
            if !discussion.text.isEmpty {
                page.macro("Pp")
                page.say(discussion.text)
            }
            for section in discussion.sections {
                page.macro("Pp")
                page.say("\(section.heading.prefix(1))\(section.heading.dropFirst().lowercased()):")
                page.literal(section.lines)
            }
            options(of: command, &page)
        }
    }

    private func options(of command: CommandTree, _ page: inout Mdoc) {
        let answers = command.ownArguments.filter { $0.field != nil }
        let others = command.ownArguments.filter { $0.field == nil }
        if !others.isEmpty { page.list { list in for option in others { entry(option, &list) } } }
        guard !answers.isEmpty else { return }
        page.macro("Pp")
        page.say("Settings:", "\(answers.flatMap(\.flags).joined(separator: ", ")).")
    }

    private func entry(_ argument: CommandTree.Argument, _ page: inout Mdoc) {
        if argument.kind == .positional {
            page.macro("It", argument.valueName ?? "")
        } else {
            page.entry(flags: argument.flags, value: argument.kind == .flag ? nil : argument.valueName)
        }
        page.say(argument.abstract ?? "")
        if let standing = argument.defaultValue { page.say("The default is \(standing).") }
    }
}

// MARK: - The questions

extension ManualPage {
    private func answers(_ page: inout Mdoc) {
        page.macro("Sh", "SETTINGS")
        page.say(
            "Each setting is a flag, an environment variable, and a key in an answers file.",
            "Flags take precedence over variables, and variables over the file.",
            "A yes/no flag without a value means yes.")
        // A read-only page has no settings.
        for form in Form.all where !form.fields.isEmpty {
            page.macro("Ss", form.title)
            page.say(form.intro)
            page.list { list in for field in form.fields { describe(field, &list) } }
        }
    }

    private func describe(_ field: Field, _ page: inout Mdoc) {
        page.entry(flags: ["--\(field.id)"], value: field.valueName)
        page.say(field.help)
        if let note = field.defaultNote { page.say("\(note).") }
        let options = field.kind.options
        guard !options.isEmpty else { return }
        page.list { list in
            for option in options {
                list.macro("It", option.value)
                list.say(option.help)
            }
        }
    }

    private func environment(_ page: inout Mdoc) {
        page.macro("Sh", "ENVIRONMENT")
        page.list { list in
            list.macro("It", "BUILDKIT_INSTALLER_ANSWERS")
            list.say("An answers file. Same as --answers.")
            list.macro("It", "BUILDKIT_INSTALLER_THEME")
            list.say("The colors of the wizard. Same as --theme.")
            list.macro("It", ProductionNames.variable)
            list.say("Context names to treat as production, separated by commas. An empty value disables it.")
            list.macro("It", Field.nodePort.variable)
            list.say("Same as --node-port. Each setting has such a variable.")
            list.macro("It", "NO_COLOR")
            list.say("If set, the wizard uses no colors.")
            list.macro("It", "ACCESSIBLE")
            list.say("If set, the wizard prompts line by line, for screen readers.")
            list.macro("It", "KUBECONFIG, DOCKER_CONFIG, BUILDX_CONFIG")
            list.say("Used as by kubectl, docker and buildx.")
        }
    }

    private func files(_ page: inout Mdoc) {
        page.macro("Sh", "FILES")
        page.list { list in
            list.macro("It", "~/.config/buildkit-installer/context/namespace/release/certs")
            list.say(
                "The certificates, unless --certs is set. Uses XDG_CONFIG_HOME instead of ~/.config if set.")
            list.macro("It", "~/.local/state/buildkit-installer")
            list.say("The journal of each run. Uses XDG_STATE_HOME instead of ~/.local/state if set.")
        }
    }
}
