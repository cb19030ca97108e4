import FoundationEssentials
import Glibc
import Terminal

/// A program for the tests of the terminal: it shows every style, and prints its events.
@main
struct TerminalDemo {
    @MainActor
    static func main() {
        let environment = ProcessInfo.processInfo.environment
        do {
            let screen = try CursesScreen(
                environment: environment, log: environment["DEMO_LOG"],
                theme: environment["DEMO_THEME"].flatMap(Theme.init) ?? .auto)
            var demo = TerminalDemo(screen: screen)
            let status = demo.run()
            screen.close()
            print("ended with \(status)")
            exit(status)
        } catch {
            print("refused: \(error)")
            exit(3)
        }
    }

    private let screen: CursesScreen
    private var events = ["started"]
    private var editor = LineEditor()

    @MainActor
    private init(screen: CursesScreen) {
        self.screen = screen
    }

    @MainActor
    private mutating func run() -> Int32 {
        while true {
            screen.show(frame)
            guard let event = screen.next(within: nil) else { continue }
            events.append("\(event)")
            switch event {
            case .key(.control("c")): return 130
            case .key(.control("t")): wakeFromATask()
            case .key(.control("v")): exit(7)
            case .key(.control("x")): fatalError("boom")
            case .key(.control("y")): crash()
            case .key(.control("s")):
                screen.suspended {
                    print("plain: type a line")
                    events.append("read \(readLine() ?? "nothing")")
                }
            case .key(.enter): return 0
            case .key(let key): editor.handle(key)
            case .paste(let text): editor.insert(text)
            case .interrupted(let signal): return 128 + signal
            case .closed: return 1
            case .mouse(let event):
                if event.gesture == .press { events.append("copied \(screen.copy("a word"))") }
            case .resized, .woken: continue
            }
        }
    }

    /// The main thread waits for keys while this runs, and is woken by it.
    @MainActor
    private func wakeFromATask() {
        let waker = screen.waker
        Task.detached { waker.wake() }
    }

    private func crash() {
        kill(getpid(), SIGSEGV)
    }

    @MainActor
    private var frame: Frame {
        let size = screen.size
        var frame = Frame(size: size)
        frame.write("Demo \(size.columns)x\(size.rows)", at: Point(column: 2, row: 0), style: .title)
        for (index, style) in Style.allCases.enumerated() {
            let point = Point(column: 2 + index % 5 * 15, row: 2 + index / 5)
            frame.write("<\(style)>", at: point, style: style)
        }
        frame.write("✓ 配 e\u{301} › ж", at: Point(column: 2, row: 6))
        frame.box(Rect(column: 1, row: 7, columns: size.columns - 2, rows: 3), title: "Edit")
        let field = editor.visible(columns: size.columns - 4)
        frame.write(field.text, at: Point(column: 2, row: 8))
        frame.cursor = Point(column: 2 + field.cursor, row: 8)
        for (row, event) in events.suffix(4).enumerated() {
            frame.write("event: \(event)", at: Point(column: 2, row: 11 + row))
        }
        frame.write("end of frame \(events.count)", at: Point(column: 2, row: size.rows - 1), style: .muted)
        return frame
    }
}
