import Installer
import Terminal

/// The first page: what there is to do, and what was found already.
struct HomePage: Page {
    private struct Choice {
        let name: String
        let meaning: String
        let goal: Navigation
    }

    /// What takes everything away stands last.
    private static let choices =
        Workflow.all.filter { $0 != .uninstall }.map(choice) + [
            Choice(name: "Status", meaning: "what is installed, and whether it is well", goal: .showStatus),
            choice(.uninstall),
        ]

    private static func choice(_ verb: Workflow) -> Choice {
        Choice(name: verb.title, meaning: verb.meaning, goal: .walk(verb))
    }

    private var selection = ListSelection(count: HomePage.choices.count)

    func title(_ model: WizardModel) -> String { "BuildKit for your team" }

    func hints(_ context: PageContext) -> [KeyHint] {
        [KeyHint("Enter", "choose"), KeyHint("↑↓", "move"), KeyHint("q", "leave")]
    }

    mutating func update(_ message: Message, _ model: inout WizardModel, _ guide: WizardFlow) -> Navigation {
        guard case .key(let key) = message else { return .stay }
        switch key {
        case .enter: return choose(&model)
        case .character("q"): return .quit
        case .escape: return .back
        default:
            _ = selection.handle(key)
            return .stay
        }
    }

    private func choose(_ model: inout WizardModel) -> Navigation {
        model.drop(model.strays)
        return Self.choices[selection.index].goal
    }

    func draw(into frame: inout Frame, _ context: PageContext) {
        let columns = frame.size.columns
        var lines = Line.wrap(
            "A shared BuildKit of your own on Kubernetes, behind mutual TLS.", columns: columns)
        lines.append(.empty)
        let first = lines.count
        lines += Self.choices.indices.map { row($0, columns: columns) }
        lines += problems(context.model, columns: columns) + found(context.model, columns: columns)
        let room = frame.size.rows
        let start = first + selection.index < room ? 0 : first
        frame.write(lines[start...].prefix(room))
    }

    private func row(_ index: Int, columns: Int) -> Line {
        let choice = Self.choices[index]
        let text = " \(Text.pad(choice.name, to: 11)) \(choice.meaning)"
        return Line(Text.pad(text, to: columns), index == selection.index ? .selected : .plain)
    }

    private func problems(_ model: WizardModel, columns: Int) -> [Line] {
        guard !model.strays.isEmpty else { return [] }
        return [.empty, Line("Not used", .heading)]
            + model.strays.flatMap { Line.wrap(after: Line("  ! ", .warning), "\($0)", columns: columns) }
    }

    private func found(_ model: WizardModel, columns: Int) -> [Line] {
        let facts = model.facts
        var rows: [(String, String)] = []
        if let contexts = facts.contexts.value {
            let name = model.answers.context.isEmpty ? contexts.current : model.answers.context
            let server = facts.server.value.map { ", Kubernetes \($0)" } ?? ""
            rows.append(("Cluster", name + server))
        }
        if let release = facts.release.value {
            let name = "\(model.answers.release) in \(model.answers.namespace)"
            rows.append(
                ("Release", release.map { "\(name): \($0.chart), \($0.status)" } ?? "none called \(name)"))
        }
        if let builders = facts.builders.value {
            let builder = builders.builders.first { $0.name == model.answers.builder }
            let endpoint = builder?.nodes.first?.endpoint
            rows.append(
                (
                    "Builder",
                    builder.map { "\($0.name) at \(endpoint ?? "no endpoint")" }
                        ?? "none called \(model.answers.builder)"
                ))
        }
        if let interruptedRun = facts.interruptedRun.value, let interruptedRun {
            rows.append(("Unfinished", "\(interruptedRun.run.plan.title); installing goes on from there"))
        }
        guard !rows.isEmpty || model.isLooking else { return [] }
        let shown = rows.flatMap { name, text in
            Line.wrap(after: Line("  " + Text.pad(name, to: 12), .muted), text, columns: columns)
        }
        return [.empty, Line("Found", .heading)] + shown
            + (model.isLooking ? [Line("  looking \(Glyphs.unicode.ellipsis)", .muted)] : [])
    }
}
