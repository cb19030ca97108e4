import Installer
import Terminal

// The frame of the current page, with everything around it.

extension WizardState {
    var isListed: Bool { numbered.contains(place) }

    var layout: Layout {
        Layout(size: model.size, isListed: isListed, paneFrom: pages[place]?.paneFrom)
    }

    var frame: Frame {
        var frame = Frame(size: model.size)
        let layout = layout
        let chrome = Chrome(layout: layout)
        guard !layout.isTooSmall, let page = pages[place] else {
            chrome.drawTooSmall(into: &frame)
            return frame
        }
        let context = drawingContext
        let pane = layout.pane.map { page.pane(context, columns: $0.size.columns - 4) } ?? []
        chrome.draw(
            header(page), pages: entries, pane: pane, status: status, hints: page.hints(context), into: &frame
        )
        frame.draw(in: layout.body) { page.draw(into: &$0, context) }
        switch dialog {
        case .help(let reading):
            let help = help(reading)
            help.draw(help.keys(in: model.size), into: &frame)
        case .leave: Dialog.leaving(hasBegun: model.hasRun).draw(Dialog.leavingKeys, into: &frame)
        case nil: break
        }
        return frame
    }

    /// The help of the page, as far as it is read.
    func help(_ reading: Dialog.Reading) -> Dialog {
        let context = drawingContext
        let subject = pages[place]?.help(context, columns: min(60, model.size.columns - 10)) ?? []
        return Dialog.help(
            pages[place]?.hints(context) ?? [], on: place, isListed: isListed, subject: subject,
            reading: reading)
    }

    private var drawingContext: PageContext {
        var context = context
        context.hasPane = layout.pane != nil
        return context
    }

    private func header(_ page: any Page) -> Chrome.Header {
        let answers = model.answers
        let numbered = numbered
        return Chrome.Header(
            title: page.title(context),
            target: [guide.contextName(model), answers.namespace, answers.release],
            isProduction: guide.isProduction(model), isRehearsal: model.isRehearsal,
            position: numbered.firstIndex(of: place).map { ($0 + 1, numbered.count) })
    }

    /// The results of the checks, on the pages that do not show them.
    private var status: Line {
        switch place {
        case .form, .review:
            model.results.isEmpty ? .empty : Line("Checks  ", .muted) + CheckCounts(model).counts
        default: .empty
        }
    }

    /// The list of pages, where it is shown.
    private var entries: [Chrome.Entry] {
        let numbered = numbered
        guard let current = numbered.firstIndex(of: place) else { return [] }
        let wrong = wrong
        return numbered.enumerated().map { index, id in
            Chrome.Entry(
                title: pages[id]?.title(context) ?? "",
                state: id == place
                    ? .current : wrong.contains(id) ? .wrong : index < current ? .done : .waiting)
        }
    }

    /// The pages with errors.
    private var wrong: [PageID] {
        let forms = model.problems.compactMap { guide.verb.place(asking: $0.field) }
        return model.results.contains { CheckSymbol($0.verdict) == .failed } ? forms + [.checks] : forms
    }
}
