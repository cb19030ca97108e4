import Installer
import Terminal

// Moving between pages, as a page or a key asks for it.

extension WizardState {
    mutating func update(_ message: Message) -> [Effect] {
        guard var page = pages[place] else { return [] }
        model.body = layout.body.size
        let move = page.update(message, &model, guide)
        pages[place] = page
        return go(move)
    }

    mutating func go(_ move: Navigation) -> [Effect] {
        switch move {
        case .stay: return []
        case .next: return leave(towards: 1)
        case .show(let goal): return visit(goal)
        case .edit(let field): return edit(field)
        case .back:
            guard place != .start else {
                dialog = .leave
                return []
            }
            guard ![.status, .clients, .doctor].contains(place) else {
                // A failed run leads to the doctor, too.
                enter(model.summary == nil ? .start : .done)
                return []
            }
            return leave(towards: -1)
        case .quit:
            outcome = ending
            return []
        case .walk(let verb):
            forgetRun()
            model.forgetWhatWasMeantForOneRun()
            return begin(verb)
        case .select(let id):
            model.select(id)
            pages = Self.pages(of: guide.verb)
            return [look()]
        case .manage(let verb, let client):
            model.forgetWhatWasMeantForOneRun()
            if !client.isEmpty { model.store(client, for: .name) }
            let effects = begin(verb)
            return client.isEmpty ? effects + edit(Field.name.id) : effects
        case .examine:
            pages[.doctor] = DoctorPage()
            enter(.doctor)
            return examine()
        case .showStatus:
            enter(.status)
            return takeStatus()
        case .look: return [look()]
        case .restart(let goal): return restart(at: goal)
        case .retry(let field):
            let looks = restart(at: .proposal)
            return looks + edit(field)
        case .perform(let effect): return [effect]
        case .begin(let effect):
            model.forgetReports()
            if case .start(let plan, _, _) = effect {
                model.run = RunState(plan)
                model.hasRun = true
            }
            if case .rehearse(let plan) = effect { model.run = RunState(plan) }
            enter(.progress)
            return [effect]
        }
    }

    mutating func begin(_ verb: Workflow) -> [Effect] {
        detour = nil
        guard verb != guide.verb else { return visit(.proposal) }
        guide.verb = verb
        pages = Self.pages(of: verb)
        model.facts = Facts()
        enter(.proposal)
        return [look()]
    }

    /// Forgets the run that has ended; its result is that of the wizard until there is another one.
    mutating func forgetRun() {
        lastSummary = model.summary ?? lastSummary
        (model.run, model.summary) = (nil, nil)
    }

    /// Resets the wizard after a run.
    mutating func restart(at goal: PageID) -> [Effect] {
        forgetRun()
        pages = Self.pages(of: guide.verb)
        enter(goal)
        return [look()] + (goal == .start ? [.listInstallations] : [])
    }

    mutating func leave(towards direction: Int) -> [Effect] {
        if let detour { return end(detour, isConfirmed: direction > 0) }
        let places = places
        guard let index = places.firstIndex(of: place), places.indices.contains(index + direction)
        else { return [] }
        if direction > 0 { confirm() }
        let target = places[index + direction]
        // Later settings may contradict earlier ones.
        let wrong = firstWrong.flatMap { places[...index].contains($0) ? $0 : nil }
        let goal = direction > 0 ? wrong ?? target : target
        return visit(goal)
    }

    mutating func confirm() {
        guard case .form(let id) = place, let form = guide.verb.forms.first(where: { $0.id == id }) else {
            return
        }
        model.confirm(form)
    }

    /// Enters a page; those that show the plan are entered with current facts.
    mutating func visit(_ goal: PageID) -> [Effect] {
        if goal == .clients {
            enter(goal)
            return takeClients()
        }
        let showsPlan = goal == .review || goal == .proposal
        let isStale = model.needsLook || (showsPlan && model.lookedWith != model.answers)
        enter(goal)
        return isStale ? [look()] : []
    }

    /// To the page of a field; the page after it is this one again.
    mutating func edit(_ field: Field.ID) -> [Effect] {
        guard let goal = guide.verb.place(asking: field) else { return [] }
        detour = place
        enter(goal)
        guard var page = pages[goal] as? FormPage else { return [] }
        page.focus(on: field, model)
        pages[goal] = page
        return []
    }

    mutating func end(_ detour: PageID, isConfirmed: Bool) -> [Effect] {
        if isConfirmed { confirm() }
        self.detour = nil
        return visit(detour)
    }

    /// To a page of the list, by its number.
    mutating func jump(to number: Int) -> [Effect] {
        let numbered = numbered
        guard numbered.contains(place), numbered.indices.contains(number - 1), numbered[number - 1] != place,
            var page = pages[place]
        else { return [] }
        page.leave(&model)
        pages[place] = page
        confirm()
        detour = nil
        return visit(numbered[number - 1])
    }

    mutating func enter(_ place: PageID) {
        if case .form = self.place {} else { pages[self.place]?.leave(&model) }
        self.place = place
        if case .form(let id) = place { model.ask(id) }
        guard var page = pages[place] as? FormPage else { return }
        page.enter(model)
        pages[place] = page
    }

    var ending: WizardOutcome { (model.summary ?? lastSummary).map { .finished($0) } ?? .left }
}
