import Installer
import Terminal

extension HomePage {
    func hints(_ context: PageContext) -> [KeyHint] {
        guard contexts == nil else { return [KeyHint("Enter", "select"), KeyHint("Esc", "close")] }
        guard !list.isOpen else { return list.hints }
        let model = context.model
        let filter = hasSeveralInstallations(model) ? [KeyHint("/", "filter")] : []
        let others = (model.facts.contexts.value?.names.count ?? 0) > 1 ? [KeyHint("x", "context")] : []
        let copy = endpoint(model) == nil ? [] : [KeyHint("y", isCopied ? "copied" : "copy endpoint")]
        return [KeyHint("Enter", "choose")] + filter + others + copy + [
            KeyHint("q", "quit"), KeyHint("↑↓", "move"),
        ]
    }

    var paneFrom: Int? { Layout.wide }

    func pane(_ context: PageContext, columns: Int) -> [Line] {
        selected(context.model).map { HomeDetails(context, columns: columns).lines(of: $0) } ?? []
    }

    func draw(into frame: inout Frame, _ context: PageContext) {
        let columns = frame.size.columns
        let entries = entries(context.model)
        let selected = selection(in: entries).index
        var lines = [
            Line("Shared BuildKit on Kubernetes, secured with mutual TLS", .muted).cut(to: columns), .empty,
        ]
        var places: [Int: Int] = [:]
        let installations = installations(entries, selected: selected, context, columns: columns)
        for (line, entry) in installations {
            places[lines.count] = entry
            lines.append(line)
        }
        lines.append(Line("Actions", .heading))
        let actions = HomeAction.all(context.model)
        for (number, entry) in entries.enumerated() {
            guard case .action(let key) = entry, let action = actions.first(where: { $0.key == key }) else {
                continue
            }
            places[lines.count] = number
            lines.append(row(action, isSelected: number == selected, columns: columns))
        }
        lines += problems(context.model, columns: columns) + detected(context, columns: columns)
        draw(lines, places, focus: places.first { $0.value == selected }?.key ?? 0, into: &frame)
        contexts?.draw(into: &frame)
    }

    private func draw(_ lines: [Line], _ places: [Int: Int], focus: Int, into frame: inout Frame) {
        let isWhole = lines.count <= frame.size.rows
        let sight = ListSelection(count: lines.count, index: isWhole ? 0 : focus).visible(
            rows: frame.size.rows)
        frame.write(lines, in: sight)
        for (line, entry) in places where sight.contains(line) {
            frame.mark(
                Rect(column: 0, row: line - sight.lowerBound, columns: frame.size.columns, rows: 1),
                as: "entry \(entry)")
        }
    }

    /// The list of installations with its heading, and the entry in each line; empty where there is none.
    private func installations(
        _ entries: [Entry], selected: Int, _ context: PageContext, columns: Int
    ) -> [(line: Line, entry: Int?)] {
        let installations = InstallationList(context.model)
        let unread = DetectedState(context).unread.map { Line("  \($0)", .muted).cut(to: columns) }
        guard !installations.entries.isEmpty || unread != nil else { return [] }
        let filter = list.label.map { Line("  \($0)", .accent) } ?? .empty
        var rows: [(line: Line, entry: Int?)] = [(Line("Installations", .heading) + filter, nil)]
        for (number, entry) in entries.enumerated() {
            guard case .installation(let id) = entry, let installation = installations[id] else { continue }
            let isSelected = number == selected
            rows.append((installations.row(installation, isSelected: isSelected, columns: columns), number))
        }
        if rows.count == 1, list.isSorted { rows.append((Line("  no match", .muted), nil)) }
        if let unread { rows.append((unread, nil)) }
        rows.append((Line.empty, nil))
        return rows
    }

    private func row(_ action: HomeAction, isSelected: Bool, columns: Int) -> Line {
        let pointer = Line(isSelected ? "\(Glyphs.unicode.pointer) " : "  ", .accent)
        let name = Line(Text.pad(action.name, to: 21), isSelected ? .selected : .plain)
        return (pointer + Line("\(action.key)  ", .key) + name + Line(" \(action.state)", .muted)).cut(
            to: columns)
    }

    private func problems(_ model: WizardModel, columns: Int) -> [Line] {
        guard !model.strays.isEmpty else { return [] }
        return [.empty, Line("Ignored settings", .heading)]
            + model.strays.flatMap { Line.wrap(after: Line("  ! ", .warning), "\($0)", columns: columns) }
    }

    private func detected(_ context: PageContext, columns: Int) -> [Line] {
        let rows = DetectedState(context).rows
        let isLooking = context.model.isLooking
        guard !rows.isEmpty || isLooking else { return [] }
        return [.empty, Line("Detected", .heading)]
            + rows.flatMap { label, text in
                Line.wrap(after: Line("  " + Text.pad(label, to: 12), .muted), text, columns: columns)
            } + (isLooking ? [Line("  checking\(Glyphs.unicode.ellipsis)", .muted)] : [])
    }
}
