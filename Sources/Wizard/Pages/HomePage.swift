import FoundationEssentials
import Installer
import Terminal

/// The start page: the installations known here, and what can be done with the selected one.
struct HomePage: Page {
    private struct Action {
        let key: Character
        let name: String
        let state: String
        let goal: Navigation
    }

    /// An entry, which keeps the cursor while others appear around it.
    private enum Entry: Equatable {
        case installation(InstallationID)
        case action(Character)
    }

    /// The entry under the cursor; nil: the first action.
    private var focus: Entry?
    private var isCopied = false

    func title(_ context: PageContext) -> String { "BuildKit installer" }

    func hints(_ context: PageContext) -> [KeyHint] {
        [
            KeyHint("Enter", "choose"), KeyHint("↑↓", "move"),
            KeyHint("y", isCopied ? "copied" : "copy endpoint"), KeyHint("q", "quit"),
        ]
    }

    mutating func update(_ message: Message, _ model: inout WizardModel, _ guide: WizardFlow) -> Navigation {
        let context = PageContext(model: model, guide: guide)
        if case .key = message { isCopied = false }
        switch message {
        case .copied: isCopied = true
        case .click(let id):
            let entries = entries(context)
            guard let number = id.number(after: "entry "), entries.indices.contains(number) else {
                return .stay
            }
            focus = entries[number]
            return choose(context, &model)
        case .key(.enter): return choose(context, &model)
        case .key(.escape): return .back
        case .key(.character("q")): return .quit
        case .key(.character("y")):
            return AddressNotes(model.answers, model.facts).endpoint.map { .perform(.copy("\($0)")) } ?? .stay
        case .key(.character(let key)):
            guard let action = actions(context).first(where: { $0.key == key }) else { return .stay }
            return perform(action, &model)
        case .key(let key): move(key, context)
        default: break
        }
        return .stay
    }

    private func entries(_ context: PageContext) -> [Entry] {
        InstallationList(context.model).entries.map { .installation($0.id) }
            + actions(context).map { .action($0.key) }
    }

    /// The cursor in a list of entries, which is on the first action unless it was moved.
    private func selection(in entries: [Entry]) -> ListSelection {
        let first = entries.firstIndex { if case .action = $0 { true } else { false } } ?? 0
        let index = focus.flatMap { entries.firstIndex(of: $0) }
        return ListSelection(count: entries.count, index: index ?? first)
    }

    private mutating func move(_ key: Key, _ context: PageContext) {
        let entries = entries(context)
        var selection = selection(in: entries)
        if selection.handle(key) { focus = entries[selection.index] }
    }

    private mutating func choose(_ context: PageContext, _ model: inout WizardModel) -> Navigation {
        let entries = entries(context)
        switch entries[selection(in: entries).index] {
        case .installation(let id):
            focus = nil
            return .select(id)
        case .action(let key):
            return actions(context).first { $0.key == key }.map { perform($0, &model) } ?? .stay
        }
    }

    private func perform(_ action: Action, _ model: inout WizardModel) -> Navigation {
        model.drop(model.strays)
        return action.goal
    }
}

// MARK: - Actions and their state

extension HomePage {
    /// What can be done, the destructive action last.
    private func actions(_ context: PageContext) -> [Action] {
        let facts = context.model.facts
        let release = facts.release.value ?? nil
        let inventory = CertificateInventory(facts, now: facts.lookedAt)
        let install =
            facts.release.value.map { $0.map { "\($0.chart), \($0.status)" } ?? "not installed" } ?? ""
        let days = release == nil ? nil : inventory.entries.filter { $0.use == .server }.map(\.daysLeft).min()
        let clients = facts.clients.value?.count ?? 0
        return [
            Action(
                key: "i", name: release == nil ? "Install" : "Install or upgrade", state: install,
                goal: .walk(.install)),
            Action(
                key: "r", name: "Rotate certificates",
                state: days.map { $0 < 0 ? "expired" : "expire in \($0) days" } ?? Workflow.rotate.meaning,
                goal: .walk(.rotate)),
            Action(
                key: "c", name: "Clients",
                state: clients > 0 ? "\(clients) on this machine; add, renew, revoke" : "add, renew, revoke",
                goal: .show(.clients)),
        ] + (facts.scale.value.map { [scaling($0)] } ?? []) + [
            Action(
                key: "t", name: "Status", state: "health, versions and certificate expiry", goal: .showStatus),
            Action(key: "d", name: "Doctor", state: "diagnose problems", goal: .examine),
            Action(key: "u", name: "Uninstall", state: Workflow.uninstall.meaning, goal: .walk(.uninstall)),
        ]
    }

    /// The change that the state allows.
    private func scaling(_ state: ScaleState) -> Action {
        let verb: Workflow = state.wanted == 0 ? .wake : .sleep
        return Action(
            key: Character(verb.key), name: verb == .wake ? "Wake" : "Sleep",
            state: "BuildKit is \(state.inWords)",
            goal: .walk(verb))
    }
}

// MARK: - Drawing

extension HomePage {
    func draw(into frame: inout Frame, _ context: PageContext) {
        let columns = frame.size.columns
        let model = context.model
        var lines = [
            Line("Shared BuildKit on Kubernetes, secured with mutual TLS", .muted).cut(to: columns), .empty,
        ]
        var places: [Int: Int] = [:]
        let actions = actions(context)
        let list = InstallationList(model)
        let selected = selection(in: entries(context)).index
        let unread = unread(model).map { Line($0, .muted).cut(to: columns) }
        if !list.entries.isEmpty || unread != nil { lines.append(Line("Installations", .heading)) }
        for index in list.entries.indices {
            places[lines.count] = index
            lines.append(list.row(index, isSelected: index == selected, columns: columns))
        }
        if let unread { lines.append(unread) }
        if !list.entries.isEmpty || unread != nil { lines.append(.empty) }
        lines.append(Line("Actions", .heading))
        for (index, action) in actions.enumerated() {
            let entry = list.entries.count + index
            places[lines.count] = entry
            lines.append(row(action, isSelected: entry == selected, columns: columns))
        }
        lines += problems(model, columns: columns) + found(context, columns: columns)
        let focus = places.first { $0.value == selected }?.key ?? 0
        let isWhole = lines.count <= frame.size.rows
        let sight = ListSelection(count: lines.count, index: isWhole ? 0 : focus).visible(
            rows: frame.size.rows)
        frame.write(lines, in: sight)
        for (line, entry) in places where sight.contains(line) {
            frame.mark(
                Rect(column: 0, row: line - sight.lowerBound, columns: columns, rows: 1), as: "entry \(entry)"
            )
        }
    }

    private func row(_ action: Action, isSelected: Bool, columns: Int) -> Line {
        let pointer = Line(isSelected ? "\(Glyphs.unicode.pointer) " : "  ", .accent)
        let name = Line(Text.pad(action.name, to: 21), isSelected ? .selected : .plain)
        return (pointer + Line("\(action.key)  ", .key) + name + Line(" \(action.state)", .muted)).cut(
            to: columns)
    }

    /// Why the list may lack installations of the cluster; nil where it was read, or where there is no cluster to ask.
    private func unread(_ model: WizardModel) -> String? {
        let facts = model.facts
        guard !model.isLooking, facts.contexts.value?.names.isEmpty == false,
            let failure = facts.installations.failure
        else { return nil }
        // The message of the list only repeats that it is unknown; the tool's own words after it say why.
        let words = failure.sentence.dropFirst(failure.message.count + 2)
        let reason = facts.server.failure?.message ?? (words.isEmpty ? failure.message : String(words))
        return "  The cluster's installations are unknown: \(reason)"
    }

    private func problems(_ model: WizardModel, columns: Int) -> [Line] {
        guard !model.strays.isEmpty else { return [] }
        return [.empty, Line("Ignored settings", .heading)]
            + model.strays.flatMap { Line.wrap(after: Line("  ! ", .warning), "\($0)", columns: columns) }
    }

    private func found(_ context: PageContext, columns: Int) -> [Line] {
        let (model, facts) = (context.model, context.model.facts)
        var rows: [(String, String)] = []
        if facts.contexts.value != nil {
            let server = facts.server.value.map { ", Kubernetes \($0)" } ?? ""
            rows.append(("Cluster", context.guide.contextName(model) + server))
        }
        if let release = facts.release.value {
            let name = "\(model.answers.release) in namespace \(model.answers.namespace)"
            rows.append(
                ("Release", release.map { "\(name): \($0.chart), \($0.status)" } ?? "not installed (\(name))")
            )
        }
        if let builders = facts.builders.value {
            let builder = builders.builders.first { $0.name == model.answers.builder }
            let endpoint = builder?.nodes.first?.endpoint
            rows.append(
                (
                    "Builder",
                    builder.map { "\($0.name) at \(endpoint ?? "no endpoint")" }
                        ?? "not registered (\(model.answers.builder))"
                ))
        }
        if let interruptedRun = facts.interruptedRun.value, let interruptedRun {
            rows.append(
                (
                    "Interrupted",
                    "\(interruptedRun.run.plan.title); \(interruptedRun.run.plan.kind.command) resumes it"
                ))
        }
        guard !rows.isEmpty || model.isLooking else { return [] }
        let shown = rows.flatMap { name, text in
            Line.wrap(after: Line("  " + Text.pad(name, to: 12), .muted), text, columns: columns)
        }
        return [.empty, Line("Detected", .heading)] + shown
            + (model.isLooking ? [Line("  checking \(Glyphs.unicode.ellipsis)", .muted)] : [])
    }
}
