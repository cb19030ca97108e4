import Terminal
import Testing

struct PictureTests {
    private var frame: Frame {
        var frame = Frame(size: Size(columns: 12, rows: 2))
        frame.write("a<b>&配", at: Point(column: 1, row: 0), style: .title)
        frame.write("go", at: Point(column: 0, row: 1), style: .selected)
        frame.cursor = Point(column: 2, row: 1)
        return frame
    }

    @Test func aPictureIsTheFrameInItsColours() {
        #expect(
            SVGRenderer(frame).svg == """
                <svg xmlns="http://www.w3.org/2000/svg" width="121.16" height="52.6" viewBox="0 0 121.16 52.6">
                <rect width="121.16" height="52.6" rx="6" fill="#14181f"/>
                <g font-family="DejaVu Sans Mono, monospace" font-size="14" fill="#d8dee6" xml:space="preserve">
                <text x="18.43" y="23" textLength="59.01" fill="#5cb3ff" font-weight="bold">a&lt;b&gt;&amp;配</text>
                <rect x="10" y="26.3" width="16.86" height="16.3" fill="#d8dee6"/>
                <text x="10" y="39.3" textLength="16.86" fill="#14181f">go</text>
                <rect x="26.86" y="26.3" width="8.43" height="16.3" fill="#d8dee6" fill-opacity="0.5"/>
                </g>
                </svg>

                """)
    }

    @Test func aPictureCanBeLight() {
        let picture = SVGRenderer(frame, title: "x", theme: .light).svg
        #expect(picture.contains("rx=\"6\" fill=\"#ffffff\"/>"))
        #expect(picture.contains("fill=\"#0a58b0\" font-weight=\"bold\""))
        #expect(!picture.contains("#14181f"))
    }

    @Test func aTitleGetsABar() {
        let picture = SVGRenderer(frame, title: "buildkit & co").svg
        #expect(picture.contains(">buildkit &amp; co</text>"))
        #expect(picture.contains("height=\"82.6\""))
    }

    @Test func theSameFrameGivesTheSameBytes() {
        #expect(SVGRenderer(frame, title: "x").svg == SVGRenderer(frame, title: "x").svg)
    }
}
