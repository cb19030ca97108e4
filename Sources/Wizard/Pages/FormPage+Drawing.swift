import Installer
import Terminal

extension FormPage {
    func hints(_ context: PageContext) -> [KeyHint] {
        guard proposals == nil else {
            return [KeyHint("Enter", "select"), KeyHint("↑↓", "move"), KeyHint("Esc", "close")]
        }
        guard let field = focusedField else {
            return [KeyHint("Enter", "next page"), KeyHint("Esc", "back")]
        }
        let isLast = field.id == form.fields(asked: context.model.answers).last?.id
        var hints = [KeyHint("Enter", isLast ? "next page" : "next field"), KeyHint("Ctrl-N", "next page")]
        if isLast { hints.removeLast() }
        switch field.kind {
        case .choice: hints.insert(KeyHint("Space", "choose"), at: 1)
        case .toggle, .choices: hints.insert(KeyHint("Space", "change"), at: 1)
        default: break
        }
        if field.kind == .path { hints.insert(KeyHint("Tab", "complete"), at: 1) }
        if !offers(context).isEmpty { hints.insert(KeyHint("Ctrl-P", "suggestions"), at: 1) }
        // Letters are typed, and Ctrl-Y inserts what was removed.
        if isCopied {
            hints.insert(KeyHint("Alt-Y", "copied"), at: 1)
        } else if focusedValue(context.model.answers) != nil {
            hints.append(KeyHint("Alt-Y", "copy value"))
        }
        return hints + [KeyHint("Esc", "back")]
    }

    private func panel(_ context: PageContext) -> FieldHelp {
        FieldHelp(field: focusedField, option: focus.option, offers: offers(context), context: context)
    }

    /// A page without settings has nothing to explain.
    var paneFrom: Int? { form.fields.isEmpty ? nil : Layout.wide }

    func pane(_ context: PageContext, columns: Int) -> [Line] { panel(context).whole(columns: columns) }

    func help(_ context: PageContext, columns: Int) -> [Line] {
        focusedField == nil ? [] : panel(context).whole(columns: columns)
    }

    func draw(into frame: inout Frame, _ context: PageContext) {
        let help =
            context.hasPane || focusedField == nil
            ? [] : panel(context).lines(columns: frame.size.columns, rows: frame.size.rows)
        let room = frame.size.rows - help.count
        let layout = layout(context, columns: frame.size.columns, rows: room)
        let kept = focusedField == nil ? min(line, layout.lines.count - 1) : layout.focus
        let sight = ListSelection(count: layout.lines.count, index: kept).visible(rows: room)
        frame.write(layout.lines, in: sight)
        for (row, id) in layout.zones where sight.contains(row) {
            frame.mark(
                Rect(column: 0, row: row - sight.lowerBound, columns: frame.size.columns, rows: 1), as: id)
        }
        if let cursor = layout.cursor, sight.contains(cursor.row) {
            frame.cursor = Point(column: cursor.column, row: cursor.row - sight.lowerBound)
        }
        frame.write(help, row: room)
        guard let proposals else { return }
        let isList = focusedField?.kind == .list
        proposals.draw(
            into: &frame, marked: isList ? Set(editor.text.listed) : nil,
            below: Point(column: layout.indent, row: layout.focus - sight.lowerBound))
    }

    /// As much of the form as the rows have room for: of options their whole text, and above them the intro.
    private func layout(_ context: PageContext, columns: Int, rows: Int) -> FormRenderer {
        for wrapsOptions in [true, false] {
            let layout = FormRenderer(
                state, context, columns: columns, hasIntro: true, wrapsOptions: wrapsOptions)
            if layout.lines.count <= rows { return layout }
        }
        return FormRenderer(state, context, columns: columns, hasIntro: false)
    }
}
